/// Keys, as an editor in a terminal is used to them. Enter and Esc are left to the screen, which knows what they mean.
extension TextEditor {
    public enum Outcome: Sendable, Hashable {
        /// Not an editing key.
        case ignored
        case moved
        case changed
    }

    /// Acts on a key.
    public mutating func handle(_ chord: KeyChord) -> Outcome {
        if let character = chord.typedCharacter {
            insert(String(character))
            return .changed
        }
        let before = edits
        guard perform(chord) else { return .ignored }
        return edits == before ? .moved : .changed
    }

    private mutating func perform(_ chord: KeyChord) -> Bool {
        switch chord {
        case "Left": moveLeft()
        case "Right": moveRight()
        case "Up": if !moveVertically(by: -1) { recall(history.previous(from: text)) }
        case "Down": if !moveVertically(by: 1) { recall(history.next()) }
        case "PgUp": if !moveVertically(by: -max(1, viewport.height - 1)) { moveToLineStart() }
        case "PgDn": if !moveVertically(by: max(1, viewport.height - 1)) { moveToLineEnd() }
        case "Home": moveToLineStart()
        case "End", "Ctrl-E": moveToLineEnd()
        case "Ctrl-Home": moveToStart()
        case "Ctrl-End": moveToEnd()
        case "Ctrl-Left", "Alt-Left", "Alt-b": moveWordLeft()
        case "Ctrl-Right", "Alt-Right", "Alt-f": moveWordRight()
        case "Backspace": deleteBackward()
        case "Del", "Ctrl-D": deleteForward()
        case "Alt-Backspace": deleteWordBackward()
        case "Alt-d", "Ctrl-Del", "Alt-Del": deleteWordForward()
        case "Ctrl-U": deleteToLineStart()
        case "Ctrl-K": deleteToLineEnd()
        case "Alt-Enter", "Ctrl-J":
            if isSingleLine { return false }
            insert("\n")
        default: return false
        }
        return true
    }

    private mutating func recall(_ entry: String?) {
        guard let entry else { return }
        text = entry
    }
}
