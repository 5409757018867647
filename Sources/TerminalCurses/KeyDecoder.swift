import CNcurses
import TerminalKit

/// Chords for what terminals send.
package enum KeyDecoder {
    /// A character as read in raw mode, control characters included.
    package static func chord(for scalar: Unicode.Scalar) -> KeyChord {
        switch scalar.value {
        case 0: return KeyChord(" ", .control)
        case 8, 127: return KeyChord(.backspace)
        case 9: return KeyChord(.tab)
        case 13: return KeyChord(.enter)
        case 27: return KeyChord(.escape)
        case 1...26: return KeyChord(Character(Unicode.Scalar(scalar.value + 0x60)!), .control)
        case 28...31: return KeyChord(Character(Unicode.Scalar(scalar.value + 0x40)!), .control)
        default: return KeyChord(Character(scalar))
        }
    }

    /// A key that is no character; `nil` for those without a name here.
    static func chord(key: UInt32, modifiers: UInt32) -> KeyChord? {
        let isFunction = key > TSCN_KEY_F0.rawValue
        guard let key = isFunction ? .function(Int(key - TSCN_KEY_F0.rawValue)) : keys[key] else { return nil }
        return KeyChord(key, self.modifiers(modifiers))
    }

    static func modifiers(_ bits: UInt32) -> KeyChord.Modifiers {
        var modifiers: KeyChord.Modifiers = []
        if bits & TSCN_SHIFT.rawValue != 0 { modifiers.insert(.shift) }
        if bits & TSCN_ALT.rawValue != 0 { modifiers.insert(.alt) }
        if bits & TSCN_CONTROL.rawValue != 0 { modifiers.insert(.control) }
        return modifiers
    }

    private static let keys: [UInt32: Key] = [
        TSCN_KEY_UP.rawValue: .up, TSCN_KEY_DOWN.rawValue: .down, TSCN_KEY_RIGHT.rawValue: .right,
        TSCN_KEY_LEFT.rawValue: .left, TSCN_KEY_HOME.rawValue: .home, TSCN_KEY_END.rawValue: .end,
        TSCN_KEY_INSERT.rawValue: .insert, TSCN_KEY_DELETE.rawValue: .delete, TSCN_KEY_PAGE_UP.rawValue: .pageUp,
        TSCN_KEY_PAGE_DOWN.rawValue: .pageDown, TSCN_KEY_BACKSPACE.rawValue: .backspace,
        TSCN_KEY_ENTER.rawValue: .enter, TSCN_KEY_TAB.rawValue: .tab,
    ]
}
