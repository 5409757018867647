import Foundation
import TopsailCore

/// What a path that is being typed can go on with.
public struct PathCompletion: Sendable, Hashable {
    /// What was typed.
    public let typed: String
    /// The path as far as all candidates agree; folders end with `/`, and `~` stays as it was typed.
    public let text: String
    /// Names that begin with what was typed after the last `/`, in natural order; hidden ones only after a dot.
    public let candidates: [String]

    /// Most names that `words` lists.
    private static let shown = 6

    /// Reads the folder that the path ends in; one that cannot be read has no candidates.
    public init(_ typed: String, home: String = NSHomeDirectory()) {
        self.typed = typed
        guard typed != "~" else {
            (text, candidates) = ("~/", ["~/"])
            return
        }
        let start = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
        let (folder, word) = (String(typed[..<start]), String(typed[start...]))
        let place = folder.isEmpty ? "." : folder.hasPrefix("~/") ? home + folder.dropFirst() : folder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        let found = names.filter { $0.hasPrefix(word) && (word.hasPrefix(".") || !$0.hasPrefix(".")) }
            .sorted(by: NaturalOrder.precedes)
            .map { name in
                var isFolder: ObjCBool = false
                let path = place.hasSuffix("/") ? place + name : place + "/" + name
                return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
                    ? name + "/" : name
            }
        candidates = found
        guard let first = found.first else {
            text = typed
            return
        }
        text = folder + found.dropFirst().reduce(first) { String(zip($0, $1).prefix { $0 == $1 }.map(\.0)) }
    }

    /// What to say beside the path: that there is nothing, or which candidates there are; `nil` for a single one.
    public var words: String? {
        guard !candidates.isEmpty else {
            return "nothing here begins with “\(PrintableText.printable(typed))”"
        }
        guard candidates.count > 1 else { return nil }
        let names = candidates.prefix(Self.shown).map { PrintableText.printable($0) }
        let rest = candidates.count - names.count
        return names.joined(separator: "  ") + (rest > 0 ? "  and \(Figures.count(rest)) more" : "")
    }
}
