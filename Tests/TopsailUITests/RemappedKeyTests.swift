import TerminalKit
import Testing
import TopsailUI

@MainActor
@Suite("Remapped keys") struct RemappedKeyTests {
    private func play(
        _ keys: String, with lines: String, size: Size = Size(width: 120, height: 40)
    ) async throws -> (state: ExplorerState, frame: Frame) {
        let settings = try SettingsFile.parse("[keys]\n" + lines, path: "config.toml")
        return await explore(keys, size: size, settings: settings)
    }

    @Test("the new key does it, the old one does nothing")
    func dispatch() async throws {
        let lines = "filter = \"F3\"\nmark = \"@\""
        #expect(try await play("<F3>rivers<Enter>", with: lines).state.browse.filterText == "rivers")
        #expect(try await play("@", with: lines).state.browse.marks.count == 1)
        let (state, _) = try await play("<Space>", with: lines)
        #expect(state.browse.marks.isEmpty)
        #expect(state.lastMessage == "Space does nothing on this screen; ? lists the keys")
    }

    @Test("an exchange of two keys is one in both directions")
    func exchange() async throws {
        let lines = "down = [\"k\", \"Down\"]\nup = [\"j\", \"Up\"]"
        let (state, _) = try await play("kkkj<Down>", with: lines)
        #expect(state.browse.cursor.selected == 3)
    }

    @Test("letters go on being text in the prompt, whatever they are bound to elsewhere")
    func typing() async throws {
        let lines = "palette = \"p\"\ntry-neuron = []\nhold-prompt = \"D\""
        #expect(try await play("2pD", with: lines).state.live.editor.text == "pD")
        #expect(try await play("2<Ctrl-P>", with: lines).state.choice?.purpose == .palette)
    }

    @Test("suspending and redrawing work in dialogs with their new keys")
    func lasting() async throws {
        let settings = try SettingsFile.parse("[keys]\nredraw = \"F5\"", path: "config.toml")
        for keys in [":", "/a", "3/a", "a", "<Enter>/a"] {
            var state = await explore(keys, settings: settings).state
            #expect(Explorer.reduce(&state, .input(.key("F5"))).contains(.redraw), "\(keys)")
            #expect(!Explorer.reduce(&state, .input(.key("Ctrl-L"))).contains(.redraw), "\(keys)")
        }
    }

    @Test("lists close with the key that opened them")
    func closing() async throws {
        #expect(try await play("KK", with: "help = \"K\"").state.overlay == nil)
        #expect(try await play("<F7><F7>", with: "jobs = \"F7\"").state.overlay == nil)
        #expect(try await play("<F8><F8>", with: "session = \"F8\"").state.overlay == nil)
    }

    @Test("a screen that is too small is left with the key that leaves")
    func tooSmall() async throws {
        let small = Size(width: 40, height: 10)
        let lines = "quit = \"F10\""
        #expect(try await play("q", with: lines, size: small).state.isQuitting == false)
        #expect(try await play("<F10>", with: lines, size: small).state.isQuitting)
        #expect(try await play("q", with: lines, size: small).frame.plainText.contains("F10 quits"))
        #expect(try await play("q", with: "quit = []", size: small).frame.plainText.contains("Ctrl-C quits"))
    }

    @Test("a page is searched with its own key, which may be that of the list's filter")
    func search() async throws {
        let lines = "search = \"F3\"\nfilter = \"F3\"\nnext-match = \"@\""
        let (state, frame) = try await play("<Enter><F3>fires", with: lines)
        #expect(state.search.line != nil && state.browse.filterLine == nil)
        #expect(frame.plainText.contains("keep; @ N next, previous"))
        #expect(try await play("<F3>rivers", with: lines).state.browse.filterText == "rivers")
    }

    // MARK: On the screen

    @Test("the hint bar, help and the palette name the new keys")
    func names() async throws {
        let lines = "filter = \"F3\"\nhelp = \"K\""
        let bar = try await play("", with: lines).frame.plainText.split(separator: "\n").last ?? ""
        #expect(bar.contains("K help") && bar.contains("F3 filter"), "\(bar)")
        let help = try #require(try await play("K", with: lines).state.choice)
        #expect(help.items.contains { $0.shown.title.hasPrefix("F3 ") && $0.value == .action(.filter) })
        #expect(help.items.contains { $0.shown.title.hasPrefix("K ") && $0.value == .action(.help) })
        let palette = try #require(try await play(":", with: lines).state.choice)
        #expect(palette.items.contains { $0.shown.title == "filter" && $0.shown.note == "F3" })
    }

    @Test("what has no key is not in the hint bar nor in help, and the palette runs it")
    func withoutKeys() async throws {
        let lines = "filter = []"
        let bar = try await play("", with: lines).frame.plainText.split(separator: "\n").last ?? ""
        #expect(!bar.contains("filter"), "\(bar)")
        let help = try #require(try await play("?", with: lines).state.choice)
        #expect(!help.items.contains { $0.value == .action(.filter) })
        #expect(try await play(":filter<Enter>", with: lines).state.browse.filterLine != nil)
    }

    @Test("sentences name the key that does it, or how to run what has none")
    func sentences() async throws {
        #expect(try await play("v", with: "mark = \"@\"").state.lastMessage == "mark a row with @ first")
        #expect(try await play("v", with: "mark = []").state.lastMessage == "mark a row with :mark first")
        #expect(
            try await play("v", with: "mark = []\npalette = \"F2\"").state.lastMessage.contains("with F2 mark first"))
        #expect(try await play("M", with: "mouse = [\"M\", \"F6\"]").state.lastMessage.hasSuffix("; M takes it back"))
        #expect(
            try await play(":mouse<Enter>", with: "mouse = \"F6\"").state.lastMessage.hasSuffix("; F6 takes it back"))
        let tagged = try await play("tweap<Enter>", with: "undo = \"U\"").state
        #expect(tagged.lastMessage == "tagged “Weapons”; U undoes")
        #expect(try await play("uu", with: "").state.lastMessage == "there is nothing to undo")
        let empty = try await play("/zebra<Enter>", with: "back = [\"Esc\", \"F12\"]").frame.plainText
        #expect(empty.contains("Esc clears the filter."))
    }

    @Test("the screens' tabs have the keys that lead to them")
    func tabs() async throws {
        let lines = "browse = \"F5\"\nlive = \"F6\"\ncheckpoints = []"
        let bar = try await play("", with: lines).frame.plainText.split(separator: "\n").first ?? ""
        #expect(bar.contains("[F5]Browse F6 Live 3 Contrast Checkpoints"), "\(bar)")
    }
}
