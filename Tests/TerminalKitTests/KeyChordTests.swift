import TerminalKit
import Testing

@Suite("Key chords") struct KeyChordTests {
    @Test(
        "names are printed as they are read",
        arguments: [
            "Ctrl-L", "Esc", "PgDn", "Alt-Enter", "Shift-Tab", "Space", "F1", "F12", "G", "g", "?", ":", "/", "-",
            "Ctrl--", "Del",
            "Ctrl-Left", "Alt-b", "é", "+", "<", "Ctrl-Space", "Ctrl-Alt-Del",
        ])
    func roundTrip(name: String) throws {
        let chord = try #require(KeyChord(named: name))
        #expect(chord.description == name)
    }

    @Test("letters of names may have either case, and modifiers short forms")
    func spellings() {
        #expect(KeyChord(named: "ctrl-l") == KeyChord("l", .control))
        #expect(KeyChord(named: "C-l") == KeyChord(named: "Ctrl-L"))
        #expect(KeyChord(named: "escape") == KeyChord(.escape))
        #expect(KeyChord(named: "pagedown") == KeyChord(.pageDown))
    }

    @Test("control characters that are keys are read as those keys")
    func aliases() {
        #expect(KeyChord(named: "Ctrl-I") == KeyChord(.tab))
        #expect(KeyChord(named: "Ctrl-M") == KeyChord(.enter))
        #expect(KeyChord(named: "Ctrl-H") == KeyChord(.backspace))
        #expect(KeyChord(named: "Ctrl-[") == KeyChord(.escape))
    }

    @Test("what is no key is refused", arguments: ["", "Ctrl-", "Hyper-x", "F0", "F25", "Entr", "ab"])
    func refused(name: String) {
        #expect(KeyChord(named: name) == nil)
    }

    @Test("a run of keys mixes characters and names")
    func sequences() {
        #expect(
            KeyChord.sequence("jG<Enter>/c t<Ctrl-U><<>")
                == ["j", "G", "Enter", "/", "c", "Space", "t", "Ctrl-U", "<"])
        #expect(KeyChord.sequence("a<Nope>") == nil)
        #expect(KeyChord.sequence("a<Enter") == nil)
    }

    @Test("only plain characters are typed")
    func typed() {
        #expect(KeyChord("G").typedCharacter == "G")
        #expect(KeyChord("g", .alt).typedCharacter == nil)
        #expect(KeyChord(.enter).typedCharacter == nil)
    }
}
