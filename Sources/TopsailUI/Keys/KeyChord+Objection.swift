import TerminalKit

/// Why a key cannot be bound, and what to do instead.
struct KeyObjection: Sendable, Hashable {
    var reason: String
    var remedy: String
}

extension KeyChord {
    /// Why the key is left alone; `nil` when it can be bound.
    ///
    /// - Parameter name: As it was written: `Ctrl-I` is read as Tab.
    func objection(as name: String) -> KeyObjection? {
        if let user = user { return KeyObjection(reason: "\(self) is left to \(user)", remedy: "take another key") }
        switch key {
        case .character(let character):
            if modifiers.contains(.shift) {
                return KeyObjection(
                    reason: "terminals do not tell \(self) from the character it types",
                    remedy: "write the character, as in \(character.uppercased())")
            }
            if modifiers.contains(.control), !Self.sentWithControl.contains(character) { return notSent }
            guard modifiers.contains(.alt) else { return nil }
            if altDigit != nil {
                return KeyObjection(
                    reason: "Alt and a digit say how often the next movement is made", remedy: "take another key")
            }
            guard character == "[" || character == "O" else { return nil }
            return KeyObjection(reason: "\(self) begins what terminals send for other keys", remedy: "take another key")
        case .tab, .enter, .backspace, .escape:
            if name.split(separator: "-").last?.count == 1 {
                return KeyObjection(
                    reason: "terminals send the same for \(name) and for \(self)",
                    remedy: "write \(self) if that is meant")
            }
            let sent: Modifiers =
                switch key {
                case .tab: .shift
                case .enter, .backspace: .alt
                default: []
                }
            return modifiers.subtracting(sent).isEmpty ? nil : notSent
        default: return nil
        }
    }

    private var notSent: KeyObjection {
        KeyObjection(reason: "terminals do not send \(self)", remedy: "take a letter with Ctrl or Alt, or F1 to F12")
    }

    /// Characters that have a code with Ctrl.
    private static let sentWithControl = Set("abcdefghijklmnopqrstuvwxyz \\]^_")

    /// What the key belongs to everywhere in a terminal.
    private var user: String? {
        guard modifiers == .control, case .character(let character) = key else { return nil }
        return switch character {
        case "a": "screen"
        case "b": "tmux"
        case "q", "s": "the terminal's flow control"
        case "w", "t", "n": "web terminals"
        default: nil
        }
    }
}
