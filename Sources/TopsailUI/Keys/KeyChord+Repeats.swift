import TerminalKit

extension KeyChord {
    /// The digit typed alone.
    var digit: Int? { modifiers.isEmpty ? typedDigit : nil }

    /// The digit typed with Alt.
    var altDigit: Int? { modifiers == .alt ? typedDigit : nil }

    private var typedDigit: Int? {
        guard case .character(let character) = key, character.isASCII else { return nil }
        return character.wholeNumberValue
    }
}

extension Action {
    /// Whether a number typed before it says how often it is done.
    var isRepeatable: Bool {
        switch self {
        case .left, .right, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .mark, .goBack, .goForward: true
        default: false
        }
    }
}
