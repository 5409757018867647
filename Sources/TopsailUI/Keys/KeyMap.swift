import TerminalKit

/// The binding table and the questions asked of it.
public struct KeyMap: Sendable {
    public var bindings: [Binding]
    private var places: [KeyContext: [KeyChord: Int]] = [:]

    /// - Precondition: No chord is bound twice in one context.
    public init(_ bindings: [Binding]) {
        self.bindings = bindings
        for (place, binding) in bindings.enumerated() {
            for chord in binding.chords {
                let old = places[binding.context, default: [:]].updateValue(place, forKey: chord)
                precondition(old == nil, "\(chord) is bound twice in \(binding.context)")
            }
        }
    }

    public static let standard = KeyMap(standardBindings)

    /// The binding that a chord stands for; the innermost context decides.
    public func binding(for chord: KeyChord, in contexts: [KeyContext]) -> Binding? {
        for context in contexts {
            if let place = places[context]?[chord] { return bindings[place] }
        }
        return nil
    }

    /// The bindings of an action, innermost context first.
    public func binding(for action: Action, in contexts: [KeyContext]) -> Binding? {
        contexts.lazy.compactMap { context in
            bindings.first { $0.action == action && $0.context == context }
        }.first
    }

    /// The first key of an action: in the innermost of the contexts that has one, else in any.
    public func chord(for action: Action, in contexts: [KeyContext]) -> KeyChord? {
        let keyed = bindings.filter { $0.action == action && !$0.chords.isEmpty }
        let near = contexts.lazy.compactMap { context in keyed.first { $0.context == context } }.first
        return (near ?? keyed.first)?.chords.first
    }

    /// What help lists: all that holds in the contexts, innermost first, each with the keys that no inner one has taken. An
    /// action is listed once, where it has keys if it has any.
    public func reachable(in contexts: [KeyContext]) -> [Binding] {
        var taken: Set<KeyChord> = []
        let all = contexts.flatMap { context in
            let own = bindings.filter { $0.context == context }
            defer { taken.formUnion(own.flatMap(\.chords)) }
            return own.map { binding in
                var binding = binding
                binding.chords.removeAll { taken.contains($0) }
                return binding
            }
        }
        let keyed = Set(all.filter { !$0.chords.isEmpty }.map(\.action))
        var seen: Set<Action> = []
        return all.filter { binding in
            (!binding.chords.isEmpty || !keyed.contains(binding.action)) && seen.insert(binding.action).inserted
        }
    }

    /// The hint bar, most useful first; what cannot be done now, or not with a key, is left out.
    public func hints(for state: ExplorerState) -> [Binding] {
        reachable(in: state.keyContexts)
            .filter { $0.hintRank != nil && !$0.chords.isEmpty && $0.unavailable(state) == nil }
            .sorted { $0.hintRank! < $1.hintRank! }
    }
}
