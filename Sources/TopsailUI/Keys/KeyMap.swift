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

    /// What help lists: all that holds in the contexts, innermost first, each with the keys that no inner one has taken. An action
    /// that an inner context binds is not listed again.
    public func reachable(in contexts: [KeyContext]) -> [Binding] {
        var seen: Set<Action> = []
        var taken: Set<KeyChord> = []
        return contexts.flatMap { context in
            let own = bindings.filter { $0.context == context }
            defer { taken.formUnion(own.flatMap(\.chords)) }
            return own.compactMap { binding -> Binding? in
                guard seen.insert(binding.action).inserted else { return nil }
                var binding = binding
                binding.chords.removeAll { taken.contains($0) }
                return binding
            }
        }
    }

    /// The hint bar, most useful first; what cannot be done now is left out.
    public func hints(for state: ExplorerState) -> [Binding] {
        reachable(in: state.keyContexts)
            .filter { $0.hintRank != nil && !$0.chords.isEmpty && $0.unavailable(state) == nil }
            .sorted { $0.hintRank! < $1.hintRank! }
    }
}
