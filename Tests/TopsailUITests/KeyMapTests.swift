import TerminalKit
import Testing
import TopsailUI

@Suite("Key map") struct KeyMapTests {
    private let map = KeyMap.standard

    @Test(
        "keys that scripts rely on",
        arguments: [
            ("q", Action.quit), ("?", .help), (":", .palette), ("1", .showBrowse), ("2", .showLive), ("Esc", .back),
            ("Tab", .nextPane),
            ("t", .tag), ("e", .explain), ("x", .export), ("u", .undo), ("Ctrl-L", .redraw), ("/", .filter),
            ("Enter", .open),
            ("j", .down), ("Down", .down), ("k", .up), ("Up", .up), ("h", .left), ("Left", .left), ("l", .right),
            ("Right", .right),
        ])
    func contract(_ name: String, _ action: Action) throws {
        let chord = try #require(KeyChord(named: name))
        #expect(map.binding(for: chord, in: [.table, .browse, .anywhere, .always])?.action == action)
    }

    @Test("tmux, screen, flow control and web terminals keep their keys")
    func reserved() {
        let taken: [KeyChord] = ["Ctrl-B", "Ctrl-A", "Ctrl-S", "Ctrl-Q", "Ctrl-W", "Ctrl-T", "Ctrl-N"]
        #expect(map.bindings.flatMap(\.chords).filter { taken.contains($0) }.isEmpty)
    }

    @Test("nothing that types a letter is bound where text is written")
    func editorsKeepLetters() {
        let bound = map.bindings.filter { [.always, .promptEditor].contains($0.context) }.flatMap(\.chords)
        #expect(bound.filter { $0.typedCharacter != nil }.isEmpty)
    }

    @Test("every binding says what it does")
    func words() {
        for binding in map.bindings {
            #expect(!binding.short.isEmpty && !binding.long.isEmpty)
            #expect(binding.long.first?.isLowercase == true, "\(binding.long)")
            #expect(binding.short.count <= 14, "\(binding.short)")
        }
    }
}
