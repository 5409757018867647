import TerminalKit

extension KeyContext {
    /// The contexts that hold along with this one, from the nearest to the farthest.
    var outer: [KeyContext] {
        switch self {
        case .tree, .table, .detail, .side: [.browse, .anywhere, .always]
        case .tokens, .neuronLists, .meter, .answerPane: [.live, .anywhere, .always]
        case .concepts, .pairs, .contrastNeurons: [.contrast, .anywhere, .always]
        case .browse, .live, .contrast, .checkpoints: [.anywhere, .always]
        case .promptEditor, .anywhere: [.always]
        case .always: []
        }
    }

    /// This context and those that hold along with it, the innermost first.
    var stack: [KeyContext] { [self] + outer }

    /// The inner one of two contexts that hold at the same time; `nil` when they never do.
    func inner(with other: KeyContext) -> KeyContext? {
        if stack.contains(other) { return self }
        return other.stack.contains(self) ? other : nil
    }

    /// Whether a key means something else where this context holds: it types, or it is what dialogs need.
    ///
    /// In the prompt's editor only characters are, so that Enter and Alt-Enter can change places.
    func isTaken(_ chord: KeyChord) -> Bool {
        switch self {
        case .promptEditor: chord.typedCharacter != nil
        case .always: chord.modifiers.isEmpty && !chord.key.isFunction
        default: false
        }
    }
}

extension Key {
    fileprivate var isFunction: Bool { if case .function = self { true } else { false } }
}
