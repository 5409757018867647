/// Something that happened at the terminal.
public enum InputEvent: Sendable, Hashable {
    case key(KeyChord)
    /// Pasted text, whole, newlines kept. Never to be read as keys.
    case paste(String)
    case mouse(MouseEvent)
    case resize(Size)
    /// Time for animations and timers.
    case tick
    /// The program was stopped and goes on; everything must be drawn again.
    case suspendReturn
    /// The terminal went away or the system asks to stop: keep drafts and leave.
    case terminate
}

/// A button or the wheel.
public struct MouseEvent: Sendable, Hashable {
    public enum Button: Sendable, Hashable {
        case left, middle, right
    }

    public enum Kind: Sendable, Hashable {
        /// `clicks` is 2 for the second of two presses at one place within 400 ms.
        case press(Button, clicks: Int)
        case release(Button)
        /// Movement while the left button is held.
        case drag
        case wheelUp, wheelDown
    }

    public var kind: Kind
    public var position: Position
    public var modifiers: KeyChord.Modifiers

    public init(_ kind: Kind, at position: Position, modifiers: KeyChord.Modifiers = []) {
        self.kind = kind
        self.position = position
        self.modifiers = modifiers
    }
}
