import TerminalKit

/// Shortens the names of one list so that what sets them apart stays on show.
package struct SharedAffixes {
    /// Characters that all names begin with up to a place where words do, and those that all end with.
    private let prefix, suffix: Int
    /// Places in the shared start at which a word begins.
    private let starts: [Int]
    private let longest: Int
    private let ellipsis: String

    /// - Parameter names: All of the list, so that its rows are cut at the same place.
    package init(_ names: [String], ellipsis: String) {
        self.ellipsis = ellipsis
        longest = names.map { DisplayWidth.of($0) }.max() ?? 0
        guard names.count > 1, let first = names.first else {
            (prefix, suffix, starts) = (0, 0, [])
            return
        }
        let common = Array(names.dropFirst().reduce(first) { Self.sharedStart($0, $1) })
        // Numbers are not cut: `.14` and `.16` differ in more than `4` and `6`.
        starts = common.indices.filter { Self.isBreak(common[$0]) }.map { $0 + 1 }
        prefix = starts.last ?? 0
        let start = prefix
        let ends = names.map { String($0.dropFirst(start).reversed()) }
        let shared = Array(ends.dropFirst().reduce(ends[0]) { Self.sharedStart($0, $1) })
        suffix = (shared.lastIndex(where: Self.isBreak) ?? -1) + 1
    }

    private static func sharedStart(_ left: String, _ right: String) -> String {
        String(zip(left, right).prefix { $0 == $1 }.map(\.0))
    }

    private static func isBreak(_ character: Character) -> Bool { "-_./ :".contains(character) }

    /// The name where all fit; else without as much of the shared start as is needed, then without the shared end, then cut in the
    /// middle.
    package func shorten(_ name: String, to width: Int) -> String {
        if longest <= width { return name }
        guard prefix > 1 || suffix > 1 else { return TextLayout.truncateMiddle(name, to: width, ellipsis: ellipsis) }
        let sign = DisplayWidth.of(ellipsis)
        if let start = starts.first(where: { longest - $0 + sign <= width }) {
            return ellipsis + name.dropFirst(start)
        }
        var shown = prefix > 1 ? ellipsis + name.dropFirst(prefix) : name
        let room = longest - prefix + (prefix > 1 ? sign : 0)
        if room > width, suffix > 1 { shown = shown.dropLast(suffix) + ellipsis }
        return TextLayout.truncateMiddle(shown, to: width, ellipsis: ellipsis)
    }
}
