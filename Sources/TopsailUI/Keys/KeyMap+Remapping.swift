import TerminalKit

extension KeyMap {
    /// Actions in the order of the table.
    public var actions: [Action] {
        var seen: Set<Action> = []
        return bindings.map(\.action).filter { seen.insert($0).inserted }
    }

    /// The keys of an action, those of all its contexts together.
    public func chords(of action: Action) -> [KeyChord] {
        bindings.filter { $0.action == action }.flatMap(\.chords).withoutRepeats
    }

    /// The map in which the given keys have taken the place of those of their actions.
    ///
    /// Keys that an action has in this map stay in the contexts where it has them; new ones hold in every context of the
    /// action. No keys take all away.
    /// - Precondition: `conflict(in:)` finds none in the bindings.
    public func remapped(_ keys: [Action: [KeyChord]]) -> KeyMap {
        keys.isEmpty ? self : KeyMap(remappedBindings(keys))
    }

    /// The bindings of `remapped`, which need not make a map.
    func remappedBindings(_ keys: [Action: [KeyChord]]) -> [Binding] {
        bindings.flatMap { binding in
            guard let given = keys[binding.action]?.withoutRepeats else { return [binding] }
            return rebound(binding, to: given, all: chords(of: binding.action))
        }
    }

    /// - Parameter all: The keys that the action has in any context.
    private func rebound(_ old: Binding, to given: [KeyChord], all: [KeyChord]) -> [Binding] {
        var binding = old
        let (mine, fresh) = (Set(old.chords), Set(given).subtracting(all))
        binding.chords = given.filter { chord in
            mine.contains(chord) || fresh.contains(chord) && !binding.context.isTaken(chord)
        }
        guard binding.context.isForTexts, !given.isEmpty else { return [binding] }
        if binding.chords.isEmpty, !fresh.isEmpty { binding.chords = old.chords }
        // Where no text is written, keys that would type can be had after all.
        guard binding.context == .always,
            !bindings.contains(where: { $0.action == old.action && $0.context == .anywhere })
        else { return [binding] }
        var aside = binding
        aside.context = .anywhere
        aside.chords = given.filter { fresh.contains($0) && old.context.isTaken($0) }
        return aside.chords.isEmpty ? [binding] : [aside, binding]
    }
}

extension KeyContext {
    /// Whether it holds while a text is written.
    fileprivate var isForTexts: Bool { self == .always || self == .promptEditor }
}

extension Array where Element: Hashable {
    /// The first of each.
    fileprivate var withoutRepeats: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
