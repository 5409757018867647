import TerminalKit

/// A key that two actions have at the same time.
struct KeyConflict: Sendable, Hashable {
    var chord: KeyChord
    var first: Action
    var second: Action
    /// Where both would hold.
    var context: KeyContext
}

extension KeyMap {
    /// The first key that two actions would have at the same time, unless they share keys in this map as well: there an
    /// inner context is meant to come before an outer one.
    func conflict(in changed: [Binding]) -> KeyConflict? {
        let shared = Set(Self.overlaps(in: bindings).map(\.pair))
        return Self.overlaps(in: changed).first { !shared.contains($0.pair) }?.conflict
    }

    private struct Overlap {
        /// The two bindings, in the order of the table.
        struct Pair: Hashable {
            var actions: [Action]
            var contexts: [KeyContext]
        }

        var pair: Pair
        var conflict: KeyConflict
    }

    private static func overlaps(in bindings: [Binding]) -> [Overlap] {
        var found: [Overlap] = []
        for (place, first) in bindings.enumerated() where !first.chords.isEmpty {
            for second in bindings[(place + 1)...] where second.action != first.action {
                guard let chord = first.chords.first(where: second.chords.contains),
                    let context = first.context.inner(with: second.context)
                else { continue }
                found.append(
                    Overlap(
                        pair: .init(
                            actions: [first.action, second.action], contexts: [first.context, second.context]),
                        conflict: KeyConflict(
                            chord: chord, first: first.action, second: second.action, context: context)))
            }
        }
        return found
    }
}
