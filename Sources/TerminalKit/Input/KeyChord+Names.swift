/// Chord names as they stand in help, configuration and recorded sessions: `Ctrl-L`, `Alt-Enter`, `PgDn`, `G`, `Space`.
extension KeyChord: CustomStringConvertible {
    public var description: String {
        var name = ""
        if modifiers.contains(.control) { name += "Ctrl-" }
        if modifiers.contains(.alt) { name += "Alt-" }
        if modifiers.contains(.shift) { name += "Shift-" }
        switch key {
        case .character(" "): return name + "Space"
        case .character(let character):
            return name + (modifiers.contains(.control) ? character.uppercased() : String(character))
        case .function(let number): return name + "F\(number)"
        default: return name + (Self.names.first { $0.key == key }?.name ?? "")
        }
    }

    /// Reads a chord's name; letters of names and modifiers may have either case. `nil` when there is no such key.
    ///
    /// `Ctrl-I`, `Ctrl-M`, `Ctrl-H` and `Ctrl-[` are read as the keys that terminals send for them.
    public init?(named name: String) {
        var rest = Substring(name)
        var modifiers: Modifiers = []
        while let dash = rest.dropFirst().firstIndex(of: "-"), rest.index(after: dash) < rest.endIndex {
            switch rest[..<dash].lowercased() {
            case "ctrl", "c": modifiers.insert(.control)
            case "alt", "meta", "a", "m": modifiers.insert(.alt)
            case "shift", "s": modifiers.insert(.shift)
            default: return nil
            }
            rest = rest[rest.index(after: dash)...]
        }
        guard let key = Self.key(named: rest) else { return nil }
        self.init(key, modifiers)
        self = normalized
    }

    private static func key(named name: Substring) -> Key? {
        if name.count == 1 { return .character(name.first!) }
        let lower = name.lowercased()
        if lower == "space" { return .character(" ") }
        if lower.first == "f", let number = Int(lower.dropFirst()), (1...24).contains(number) {
            return .function(number)
        }
        return names.first { $0.name.lowercased() == lower || $0.aliases.contains(lower) }?.key
    }

    private static let names: [(key: Key, name: String, aliases: [String])] = [
        (.enter, "Enter", ["return", "cr"]), (.tab, "Tab", []), (.backspace, "Backspace", ["bs"]),
        (.escape, "Esc", ["escape"]), (.delete, "Del", ["delete"]), (.insert, "Ins", ["insert"]), (.up, "Up", []),
        (.down, "Down", []), (.left, "Left", []), (.right, "Right", []), (.home, "Home", []), (.end, "End", []),
        (.pageUp, "PgUp", ["pageup"]), (.pageDown, "PgDn", ["pagedown"]),
    ]

    /// The chord with control characters under one name.
    package var normalized: KeyChord {
        guard case .character(let character) = key, modifiers.contains(.control) else { return self }
        let without = modifiers.subtracting(.control)
        switch character.lowercased() {
        case "i": return KeyChord(.tab, without)
        case "m": return KeyChord(.enter, without)
        case "h": return KeyChord(.backspace, without)
        case "[": return KeyChord(.escape, without)
        default: return KeyChord(.character(Character(character.lowercased())), modifiers)
        }
    }
}

extension KeyChord {
    /// Reads a run of keys: characters stand for themselves, names for chords in angle brackets, as in
    /// `jj<Enter>/cat<Ctrl-U>`.
    ///
    /// `<<>` is the character `<`.
    /// - Returns: `nil` when a name in brackets is not a key.
    public static func sequence(_ text: String) -> [KeyChord]? {
        var chords: [KeyChord] = []
        var rest = Substring(text)
        while let first = rest.first {
            rest.removeFirst()
            if first != "<" {
                chords.append(first == "\n" ? KeyChord(.enter) : KeyChord(first))
                continue
            }
            guard let close = rest.dropFirst().firstIndex(of: ">"), let chord = KeyChord(named: String(rest[..<close]))
            else {
                return nil
            }
            chords.append(chord)
            rest = rest[rest.index(after: close)...]
        }
        return chords
    }
}

/// Key maps are tables of literals: `["Ctrl-P", ":"]`. A literal that names no key is a mistake in the program and
/// traps.
extension KeyChord: ExpressibleByStringLiteral {
    public init(stringLiteral name: String) {
        guard let chord = KeyChord(named: name) else { preconditionFailure("there is no key named \(name)") }
        self = chord
    }
}
