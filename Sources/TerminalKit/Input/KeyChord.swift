/// A key on the keyboard, without modifiers.
public enum Key: Sendable, Hashable {
    /// A printable character as typed, so `G` is an upper-case character and not Shift with `g`. Space is `" "`.
    case character(Character)
    case enter, tab, backspace, escape, delete, insert
    case up, down, left, right
    case home, end, pageUp, pageDown
    /// F1 and on.
    case function(Int)
}

/// A key with its modifiers: what is bound to an action.
public struct KeyChord: Sendable, Hashable {
    public var key: Key
    public var modifiers: Modifiers

    public struct Modifiers: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let control = Modifiers(rawValue: 1)
        public static let alt = Modifiers(rawValue: 2)
        /// Only with keys that are not characters, such as Shift-Tab.
        public static let shift = Modifiers(rawValue: 4)
    }

    public init(_ key: Key, _ modifiers: Modifiers = []) {
        self.key = key
        self.modifiers = modifiers
    }

    public init(_ character: Character, _ modifiers: Modifiers = []) { self.init(.character(character), modifiers) }

    /// The text a plain printable key would type into an editor.
    public var typedCharacter: Character? {
        if case .character(let character) = key, modifiers.isEmpty { character } else { nil }
    }
}
