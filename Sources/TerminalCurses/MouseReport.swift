import CNcurses

/// Mouse reports in decimal numbers: `<button;column;row`, then `M` for a press and `m` for a release (xterm's control
/// sequences, "Extended coordinates", mode 1006).
///
/// terminfo entries of tmux and screen know the older reports only, whose single bytes end at column 223.
enum MouseReport {
    /// - Parameters:
    ///   - text: What stands between the introducer and the last character.
    ///   - final: The last character.
    /// - Returns: `nil` for any other sequence.
    static func input(_ text: String, final: UInt32) -> tscn_input? {
        guard text.first == "<", final == UInt8(ascii: "M") || final == UInt8(ascii: "m") else { return nil }
        let numbers = text.dropFirst().split(separator: ";", omittingEmptySubsequences: false).map { UInt16($0) }
        guard numbers.count == 3, let code = numbers[0], let column = numbers[1], let row = numbers[2], column > 0,
            row > 0
        else { return nil }
        var input = tscn_input()
        input.kind = TSCN_MOUSE
        input.x = CInt(column) - 1
        input.y = CInt(row) - 1
        input.button = CInt(code & 3) + 1
        let event =
            // Buttons 8 to 11, "back" and "forward" among them, mean nothing here; nor do wheels that roll sideways.
            if code & 128 != 0 {
                TSCN_MOUSE_OTHER
            } else if code & 64 != 0 {
                code & 3 == 0 ? TSCN_MOUSE_WHEEL_UP : code & 3 == 1 ? TSCN_MOUSE_WHEEL_DOWN : TSCN_MOUSE_OTHER
            } else if code & 32 != 0 {
                TSCN_MOUSE_MOVE
            } else {
                final == UInt8(ascii: "M") ? TSCN_MOUSE_PRESS : TSCN_MOUSE_RELEASE
            }
        input.value = UInt32(event.rawValue)
        let modifiers: [(bit: UInt16, modifier: tscn_modifier)] = [
            (4, TSCN_SHIFT), (8, TSCN_ALT), (16, TSCN_CONTROL),
        ]
        for (bit, modifier) in modifiers where code & bit != 0 { input.modifiers |= UInt32(modifier.rawValue) }
        return input
    }
}
