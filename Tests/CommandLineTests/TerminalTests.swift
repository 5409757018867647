import Foundation
import Testing
import TopsailTestSupport

/// The real program in a real terminal.
@Suite("In a terminal", .enabled(if: TmuxScreen.absence == nil, "there is no tmux"), .serialized) struct TerminalTests {
    private func program() throws -> Program {
        let program = try Program()
        try TinyCatalog.install(in: program)
        try program.skipTour()
        return program
    }

    @Test("it opens, fills the screen at any size, and q gives the terminal back", arguments: [(80, 24), (300, 80)])
    func opening(_ columns: Int, _ rows: Int) throws {
        let screen = try TmuxScreen(program(), columns: columns, rows: rows)
        try screen.start()
        let shown = try #require(screen.wait(for: "verbs of mot"))
        #expect(shown.contains("Categories"))
        #expect(shown.split(separator: "\n").contains { $0.contains("? help") })
        try screen.press("q")
        #expect(screen.wait { !$0.contains("Categories") } != nil)
        #expect(try screen.isRestored())
    }

    @Test(
        "where the terminal says that it has them, colours are given by red, green and blue, and nothing is left behind"
    )
    func directColors() throws {
        let program = try program()
        let temporary = program.folder.path("tmp")
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        let screen = try TmuxScreen(program, variables: ["COLORTERM": "truecolor", "TMPDIR": temporary])
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        #expect(screen.capture(withColors: true).contains("48;2;"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
        try screen.press("q")
        #expect(try screen.isRestored())
        try screen.type("export COLORTERM=\n")
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        let shown = screen.capture(withColors: true)
        #expect(shown.contains("48;5;") && !shown.contains("48;2;"))
    }

    @Test("doctor says what the terminal can show, and which of tmux's options are in the way")
    func doctor() throws {
        let screen = try TmuxScreen(program(), columns: 200, variables: ["COLORTERM": ""])
        try screen.start("doctor")
        let shown = try #require(screen.wait(for: "better in ~/.tmux.conf: set -s escape-time 10"))
        #expect(shown.contains("200x24, 256 colours, UTF-8"))
        #expect(shown.contains("escape-time 500"))
        try screen.type("tmux set -s escape-time 10; clear; COLORTERM=truecolor '\(Program.path)' doctor\n")
        let later = try #require(screen.wait(for: "24-bit colours"))
        #expect(!later.contains("better in"))
    }

    @Test("a resize shows at once, also to a size that is too small and back")
    func resizing() throws {
        let screen = try TmuxScreen(program())
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        try screen.resize(columns: 40, rows: 10)
        #expect(screen.wait(for: "Topsail needs 60×16") != nil)
        try screen.resize(columns: 200, rows: 50)
        #expect(screen.wait(for: "Logit effects") != nil)
        try screen.resize(columns: 80, rows: 24)
        #expect(screen.wait { $0.contains("Categories") && !$0.contains("Logit effects") } != nil)
        try screen.press("q")
        #expect(try screen.isRestored())
    }

    @Test("Ctrl-Z stops it with the terminal restored, fg draws it again")
    func suspending() throws {
        let screen = try TmuxScreen(program())
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        try screen.press("C-z")
        #expect(screen.wait { $0.contains("ready$") && !$0.contains("Categories") } != nil)
        try screen.type("echo between; fg\n")
        #expect(screen.wait(for: "verbs of mot") != nil)
        try screen.press("q")
        #expect(try screen.isRestored())
    }

    @Test("a signal to end gives the terminal back", arguments: [SIGTERM, SIGHUP])
    func signals(_ signal: CInt) throws {
        let screen = try TmuxScreen(program())
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        let pids = try pids(of: screen)
        for pid in pids { kill(pid, signal) }
        #expect(!pids.isEmpty)
        #expect(screen.wait { !$0.contains("Categories") } != nil)
        #expect(try screen.isRestored())
    }

    @Test("after a crash the shell is usable, and what went wrong stands on a clean screen")
    func crashing() throws {
        let screen = try TmuxScreen(program(), variables: ["SWIFT_BACKTRACE": "enable=no"])
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        for pid in try pids(of: screen) { kill(pid, SIGSEGV) }
        #expect(screen.wait { !$0.contains("Categories") && $0.contains("Segmentation fault") } != nil)
        #expect(try screen.isRestored())
    }

    /// Processes of this test's program, found by its workspace.
    private func pids(of screen: TmuxScreen) throws -> [pid_t] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter { pid in
            guard let command = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8),
                let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ")
            else { return false }
            let home = Data("TOPSAIL_HOME=\(screen.workspace)".utf8)
            return command.hasPrefix(Program.path) && environment.range(of: home) != nil
        }
    }

    @Test("NO_COLOR writes no colours, and still shows what is selected")
    func noColor() throws {
        let screen = try TmuxScreen(program(), variables: ["NO_COLOR": "1"])
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        let colored = screen.capture(withColors: true)
        #expect(!colored.contains("[38;5;"))
        #expect(!colored.contains("[48;5;"))
        #expect(colored.contains("▌"))
    }

    @Test("without UTF-8, and with TERM=screen, it draws with what there is")
    func plainTerminals() throws {
        let ascii = try TmuxScreen(program(), variables: ["LC_ALL": "C"])
        try ascii.start()
        let shown = try #require(ascii.wait(for: "verbs of mot"))
        #expect(shown.contains("+"))
        #expect(!shown.contains("┌"))
        let old = try TmuxScreen(program(), term: "screen")
        try old.start()
        #expect(old.wait(for: "verbs of mot") != nil)
    }

    @Test("contrast pairs that are written are there in the next session")
    func pairs() throws {
        let program = try program()
        let screen = try TmuxScreen(program)
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        try screen.press("3")
        _ = try #require(screen.wait(for: "Concepts"))
        try screen.type("n")
        _ = try #require(screen.wait(for: "New contrast pair"))
        try screen.press("C-u")
        try screen.press("BTab")
        try screen.press("C-u")
        try screen.type("greeting")
        try screen.press("Tab")
        try screen.type("hello there")
        try screen.press("Tab")
        try screen.type("over there")
        try screen.press("Enter")
        // The dialog shows the word too, so it has to be gone.
        #expect(screen.wait { $0.contains("greeting") && !$0.contains("New contrast pair") } != nil)
        try screen.press("q")
        let kept = program.workspace + "/pairs.jsonl"
        #expect(screen.wait { _ in FileManager.default.fileExists(atPath: kept) } != nil)
        #expect(try String(contentsOfFile: kept, encoding: .utf8).contains("hello there"))
        let again = try TmuxScreen(program)
        try again.start()
        _ = try #require(again.wait(for: "verbs of mot"))
        try again.press("3")
        // Its title counts the concepts once they are read; before that there is no end to go to.
        _ = try #require(again.wait { $0.range(of: #"Concepts \d"#, options: .regularExpression) != nil })
        try again.press("G")
        #expect(again.wait(for: "greeting") != nil)
    }

    @Test("the first session begins with the tour, later ones do not, and its hints lead on")
    func tour() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let screen = try TmuxScreen(program)
        try screen.start()
        #expect(screen.wait(for: "Tour 1 of 5") != nil)
        try screen.press("Enter")
        #expect(screen.wait(for: "Tour 2 of 5") != nil)
        try screen.press("Escape")
        #expect(screen.wait { !$0.contains("Tour 2") } != nil)
        try screen.press("q")
        #expect(screen.wait { !$0.contains("Categories") } != nil)
        try screen.start()
        let again = try #require(screen.wait(for: "verbs of mot"))
        #expect(!again.contains("Tour"))
        try screen.press("q")
        #expect(try screen.isRestored(), "\(screen.capture())")
    }

    @Test("a filter that was kept is recalled in the next session")
    func filters() throws {
        let program = try program()
        let screen = try TmuxScreen(program)
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        try screen.type("/verbs max>1")
        #expect(screen.wait(for: "1/1 of 4") != nil)
        try screen.press("Enter")
        try screen.press("q")
        #expect(screen.wait { !$0.contains("Categories") } != nil)
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        try screen.type("/")
        try screen.press("Up")
        #expect(screen.wait(for: "/verbs max>1") != nil)
        try screen.press("Enter")
        try screen.press("q")
        #expect(try screen.isRestored(), "\(screen.capture())")
    }

    @Test("a paste of many lines is taken whole and runs nothing")
    func pasting() throws {
        let program = try program()
        let screen = try TmuxScreen(program)
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        let text = String(repeating: "q:1 \n", count: 20_000)
        try screen.paste(text)
        #expect(screen.wait(for: "Pasted") != nil)
        try screen.press("Escape")
        #expect(screen.wait { $0.contains("Categories") && !$0.contains("Pasted") } != nil)
    }

    @Test("a click selects a row and puts the cursor into the filter; reports that nobody asked for type nothing")
    func mouse() throws {
        let screen = try TmuxScreen(program(), term: "tmux-256color")
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        try screen.type("/verbs")
        let shown = try #require(screen.wait(for: "/verbs"))
        let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
        let y = try #require(lines.firstIndex { $0.contains("/verbs") })
        let start = try #require(lines[y].firstRange(of: "/verbs")).lowerBound
        let x = lines[y].distance(from: lines[y].startIndex, to: start)
        // Counted from 1; the third character after the sign.
        try screen.type("\u{1B}[<0;\(x + 4);\(y + 1)M\u{1B}[<0;\(x + 4);\(y + 1)m")
        try screen.type("\u{1B}[?62;4c\u{1B}[4;480;640t")
        try screen.type("X")
        #expect(screen.wait(for: "/veXrbs") != nil, "\(screen.capture())")
        try screen.press("Escape")
        #expect(screen.wait { !$0.contains("/veXrbs") } != nil)
        try screen.press("q")
        #expect(try screen.isRestored())
    }

    @Test("600 random keys with resizes leave it alive, and the terminal whole afterwards")
    func randomKeys() throws {
        let screen = try TmuxScreen(program())
        try screen.start()
        _ = try #require(screen.wait(for: "verbs of mot"))
        var random = SeededGenerator(seed: 5)
        let keys = [
            "j", "k", "h", "l", "g", "G", "Enter", "Escape", "Tab", "BTab", "Up", "Down", "PageUp", "PageDown", "1",
            "2",
            "3", "4", "z", "/", "a", "s", "S", "Space", "v", "t", "e", "y", "?", ":", "n", "o", "c", "b", "H", "w", "J",
            "L", "m", "u", "C-r", "C-u", "C-d", "[", "]", "BSpace", "x",
        ]
        let sizes = [(80, 24), (1, 1), (60, 16), (120, 40), (20, 5), (200, 60), (61, 17)]
        for number in 0..<600 {
            if number % 40 == 39 {
                let size = sizes[Int.random(in: 0..<sizes.count, using: &random)]
                try screen.resize(columns: size.0, rows: size.1)
            }
            try screen.press(keys[Int.random(in: 0..<keys.count, using: &random)])
            // What leaves is typed at the end only; an export would write a file.
            if number % 10 == 9 { try screen.press("Escape") }
        }
        try screen.resize(columns: 80, rows: 24)
        // A burst of them can arrive as one chord when the machine is busy, so each is waited for.
        for _ in 0..<40 where !screen.capture().contains("? help") {
            try screen.press("Escape")
            Thread.sleep(forTimeInterval: 0.2)
        }
        for _ in 0..<12 {
            try screen.press("Escape")
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(screen.wait { $0.contains("? help") } != nil, "\(screen.capture())")
        try screen.press("q")
        #expect(screen.wait { !$0.contains("? help") } != nil)
        #expect(try screen.isRestored())
    }
}
