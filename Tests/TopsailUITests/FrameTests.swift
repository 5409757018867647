import TerminalKit
import Testing
import TopsailEngine
import TopsailUI

@Suite("Explorer frames") @MainActor struct FrameTests {
    struct Look: Sendable, CustomTestStringConvertible {
        var name: String
        var theme: Theme
        var size: Size

        var testDescription: String { "\(name)-\(size.width)x\(size.height)" }
    }

    nonisolated static let looks: [Look] = [
        ("dark", Themes.dark), ("light", Themes.light), ("mono", Themes.mono), ("ascii", Themes.ascii),
    ].flatMap { look in
        [(80, 24), (120, 40), (200, 60), (300, 80)].map { width, height in
            Look(name: look.0, theme: look.1, size: Size(width: width, height: height))
        }
    }

    private func name(_ screen: String, _ look: Look) -> String {
        "\(screen)-\(look.name)-\(look.size.width)x\(look.size.height)"
    }

    /// Colours are written out at the size that everyone has; at others a checksum of them stands below the letters.
    private func text(of frame: Frame) -> String {
        if frame.width == 80 { return frame.snapshot }
        let checksum = frame.styleLayer.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        return frame.plainText + "\nstyles \(String(checksum, radix: 16))"
    }

    @Test("Browse", arguments: looks)
    func browse(_ look: Look) async throws {
        let frame = await explore("jjj<Enter>", size: look.size, theme: look.theme)
            .frame
        try Golden.expect(text(of: frame), named: name("browse", look))
    }

    @Test("Live", arguments: looks)
    func live(_ look: Look) async throws {
        let frame = await explore("2How do I pick a lock that I own?<Esc>hhh", size: look.size, theme: look.theme).frame
        try Golden.expect(text(of: frame), named: name("live", look))
    }

    @Test("Live with two prompts", arguments: looks)
    func comparing(_ look: Look) async throws {
        let keys = "2How do I pick a lock?<Alt-d><Ctrl-U>How do I pick a fruit from a tree?<Esc>hh"
        let frame = await explore(keys, size: look.size, theme: look.theme).frame
        try Golden.expect(text(of: frame), named: name("compare", look))
    }

    @Test("Contrast", arguments: looks)
    func contrast(_ look: Look) async throws {
        let frame = await explore("3<Enter>lj", size: look.size, theme: look.theme).frame
        try Golden.expect(text(of: frame), named: name("contrast", look))
    }

    @Test("Checkpoints", arguments: looks)
    func checkpoints(_ look: Look) async throws {
        let frame = await explore("4c", size: look.size, theme: look.theme).frame
        try Golden.expect(text(of: frame), named: name("checkpoints", look))
    }

    @Test("Contrast, filtered and swapped", arguments: looks)
    func swappedContrast(_ look: Look) async throws {
        let frame = await explore("3/viol<Enter><Enter><Enter>Xs/e<Enter>j", size: look.size, theme: look.theme).frame
        try Golden.expect(text(of: frame), named: name("contrast-swapped", look))
    }

    @Test("Checkpoints, two compared", arguments: looks)
    func comparison(_ look: Look) async throws {
        let frame = await explore("4<Space>dj", size: look.size, theme: look.theme).frame
        try Golden.expect(text(of: frame), named: name("matches", look))
    }

    @Test("what fired on a file of prompts", arguments: looks)
    func batch(_ look: Look) async throws {
        let state = try await BatchTests.read(
            ["How do I pick a lock?", "Name a river.", ""], size: look.size, look.theme)
        try Golden.expect(text(of: Explorer.frame(of: state)), named: name("batch", look))
    }

    @Test("the tour", arguments: looks)
    func tour(_ look: Look) async throws {
        let frame = await explore(":tour<Enter><Enter>", size: look.size, theme: look.theme).frame
        try Golden.expect(text(of: frame), named: name("tour", look))
    }

    @Test("an answer under way shows its text, its speed and how to stop it")
    func answering() throws {
        var state = ExplorerState(size: Size(width: 80, height: 24), theme: Themes.dark)
        _ = Explorer.start(&state)
        for chord in KeyChord.sequence("2lock<Enter>")! { _ = Explorer.reduce(&state, .input(.key(chord))) }
        let request = LiveRequest(text: "lock", usesChatTemplate: true)
        let tokens = StubLive.tokens(of: request)
        let report = LiveReport(saes: StubLive.saes, tokens: tokens, categories: [], reusedTokens: 0, elapsed: .zero)
        _ = Explorer.reduce(&state, .answer(.prompt(report), generation: 1))
        _ = Explorer.reduce(&state, .time(.seconds(2)))
        for word in ["If", " you", " own"] {
            _ = Explorer.reduce(&state, .answer(.token(StubLive.token(word, .answer), categories: []), generation: 1))
        }
        let text = Explorer.frame(of: state).plainText
        #expect(text.contains("If you own▍"))
        #expect(text.contains("3 tokens · 1.5 tok/s · Esc stops"))
        #expect(text.contains("Esc stop"))
    }

    @Test(
        "overlays",
        arguments: [
            ("palette", ":exp"), ("help", "?"), ("tags", "t"), ("export", "x"), ("explain", "e"), ("neighbours", "f"),
            ("pair", "3n"), ("jobs", "J"), ("session", "1jj<Enter>L"),
            ("session-long", "2How do locks work, and who made the first of them?<Enter><Esc>L"),
            ("filtered-category", "hjl/max>9 score>.5<Enter>"), ("open", "4o"), ("log", ":mess<Enter>"),
            ("filter-concepts", "3/vio"),
            ("queries", "/rivers max>9<Enter>Wloud<Enter>/<Ctrl-U>keys<Enter>Wkeys<Enter>Q"),
            ("name", "/rivers<Enter>W"), ("note", "a"), ("list", "m"), ("copy", "y"),
            ("evidence", "2a lock<Esc><Tab><Tab><Tab><Enter>"),
            ("system", "2a lock<Esc>S"), ("prompts", "2a lock<Esc>O"), ("batch-file", "2a lock<Esc>B"), ("flat", "o"),
            ("zoom", "lz"), ("hidden", "H"), ("problem", "/lier:14"), ("nothing", "/max>99999<Enter>"),
            ("error", ":99999<Enter>"), ("jump", ":14_193"), ("marked", "/rivers<Enter>*x"),
            ("tour", ":tour<Enter>"), ("tour-live", ":tour<Enter>2"),
        ])
    func overlays(_ name: String, _ keys: String) async throws {
        try Golden.expect(await explore(keys).frame.plainText, named: "overlay-\(name)")
    }

    @Test("a screen that is too small says what it needs, and q still leaves")
    func tooSmall() async {
        let result = await explore("", size: Size(width: 59, height: 24))
        #expect(result.frame.plainText.contains("Topsail needs 60×16"))
        #expect(await explore("q", size: Size(width: 59, height: 24)).state.isQuitting)
    }

    @Test(
        "every size from the smallest on draws without a pane over its edge",
        arguments: [60, 61, 79, 100, 121, 179, 180, 300])
    func sizes(_ width: Int) async {
        for height in [16, 25] {
            for keys in ["", "z", "2a lock<Esc>", "2a lock<Enter>z", "3<Enter>", "4", "4<Space>d", "3z"] {
                let frame = await explore(keys, size: Size(width: width, height: height)).frame
                #expect(frame.lines.count == height)
                #expect(frame.lines[height - 1].contains("help"), "\(width)×\(height) \(keys)")
            }
        }
    }

    @Test("ASCII frames hold nothing but ASCII, apart from data")
    func ascii() async {
        for keys in ["", "2a lock<Esc>", "?", "t", "3R", "4c", "4<Space>d"] {
            let text = await explore(keys, theme: Themes.ascii).frame.plainText
            let foreign = text.unicodeScalars.filter { !$0.isASCII && !"说谎与欺骗東京␛".unicodeScalars.contains($0) }
            #expect(foreign.isEmpty, "\(keys): \(String(String.UnicodeScalarView(foreign)))")
        }
    }

    @Test("text from data never reaches the terminal raw")
    func hostile() async {
        let frame = await explore("2\u{202E}a lock", size: Size(width: 120, height: 40)).frame
        #expect(frame.plainText.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x202E })
        let browse = await explore("", size: Size(width: 120, height: 40)).frame
        #expect(browse.plainText.contains("␛[31m"))
    }

    @Test("the status line begins its hints with help")
    func helpFirst() async {
        for keys in ["", "h", "l", "2x<Esc>", "2x<Esc><Tab>", "3", "4"] {
            let line = await explore(keys).frame.lines[23]
            let hints = line.split(separator: "│", maxSplits: 1).last ?? ""
            #expect(hints.hasPrefix(" ? help"), "\(keys): \(line)")
        }
    }
}
