import TerminalKit
import Testing
import TopsailUI

@Suite("Key settings") struct KeySettingsTests {
    private func settings(_ lines: String) throws -> ExplorerSettings {
        try SettingsFile.parse("[keys] # mine\n" + lines, path: "config.toml")
    }

    private func keys(_ lines: String) throws -> KeyMap { KeyMap.standard.remapped(try settings(lines).chords) }

    private func chords(_ action: Action, _ context: KeyContext, in map: KeyMap) -> String {
        map.bindings.filter { $0.action == action && $0.context == context }.map(\.keyNames).joined(separator: " ")
    }

    // MARK: Reading

    @Test("one key or a list of them takes the place of an action's keys")
    func reading() throws {
        let settings = try SettingsFile.parse(
            "bars = true\n[keys]\nfilter = [\"/\", \"F3\"] # both\npage-down = \"Ctrl-F\"\nmark-range = '\\'\nflat-tree = []",
            path: "config.toml")
        #expect(settings.bars == true)
        #expect(settings.chords == [.filter: ["/", "F3"], .pageDown: ["Ctrl-F"], .markRange: ["\\"], .flatTree: []])
        #expect(settings.keys(of: .filter) == "[\"/\", \"F3\"]")
        #expect(settings.keys(of: .markRange) == "'\\'")
        #expect(settings.keys(of: .flatTree) == "[]")
        #expect(settings.keys(of: .tag) == nil)
    }

    @Test("an action has its new keys in all its panes")
    func everyContext() throws {
        let map = try keys("filter = [\"F3\"]\nopen = [\"F4\", \"Enter\"]")
        #expect(chords(.filter, .browse, in: map) == "F3")
        #expect(chords(.filter, .contrast, in: map) == "F3")
        for context in [KeyContext.tree, .table, .live, .pairs, .checkpoints] {
            #expect(chords(.open, context, in: map) == "F4 Enter")
        }
    }

    @Test("standard keys stay where they were, new ones hold everywhere the action does")
    func differentContexts() throws {
        var map = try keys("help = [\"?\", \"F1\", \"F2\"]\ncontinue-answer = [\"Enter\", \"+\", \"F5\"]")
        #expect(chords(.help, .anywhere, in: map) == "? F2")
        #expect(chords(.help, .always, in: map) == "F1 F2")
        #expect(chords(.continueAnswer, .answerPane, in: map) == "Enter + F5")
        #expect(chords(.continueAnswer, .live, in: map) == "+ F5")
        map = try keys("help = \"?\"\nsuspend = \"F1\"")
        #expect(chords(.help, .anywhere, in: map) == "?")
        #expect(chords(.help, .always, in: map) == "")
        map = try keys("hold-prompt = [\"D\", \"Alt-h\"]")
        #expect(chords(.hold, .live, in: map) == "D Alt-h")
        #expect(chords(.hold, .promptEditor, in: map) == "Alt-h")
    }

    @Test("keys that would type are left out where texts are written, and the standard ones stay there")
    func texts() throws {
        var map = try keys("help = \"K\"\nhold-prompt = \"D\"")
        #expect(chords(.help, .anywhere, in: map) == "K")
        #expect(chords(.help, .always, in: map) == "F1")
        #expect(chords(.hold, .promptEditor, in: map) == "Alt-d")
        map = try keys("save-screen = [\"P\", \"F9\"]\nnext-pane = [\"Tab\", \"Y\"]")
        #expect(chords(.saveScreen, .always, in: map) == "F9")
        #expect(chords(.saveScreen, .anywhere, in: map) == "P")
        #expect(chords(.nextPane, .always, in: map) == "Tab")
        #expect(chords(.nextPane, .anywhere, in: map) == "Y")
    }

    @Test("no keys are no keys, in editors too")
    func none() throws {
        let map = try keys("help = []\nhold-prompt = []")
        #expect(map.chords(of: .help).isEmpty && map.chords(of: .hold).isEmpty)
    }

    @Test("Enter and Alt-Enter can change places in the prompt")
    func newLines() throws {
        let map = try keys("answer = \"Alt-Enter\"\nnew-line = \"Enter\"")
        #expect(map.binding(for: "Enter", in: [.promptEditor, .always])?.action == .newLine)
        #expect(map.binding(for: "Alt-Enter", in: [.promptEditor, .always])?.action == .answer)
    }

    @Test("two actions can change keys with one another")
    func exchange() throws {
        let map = try keys("tag = \"e\"\nexplain = \"t\"")
        #expect(map.binding(for: "e", in: [.table, .browse, .anywhere])?.action == .tag)
        #expect(map.binding(for: "t", in: [.table, .browse, .anywhere])?.action == .explain)
    }

    // MARK: Mistakes

    @Test(
        "a mistake names its line, the action and the remedy",
        arguments: [
            ("filtre = \"/\"", "line 2: there is no action “filtre”", "did you mean filter?"),
            ("\ntheme = \"dark\"", "line 3: theme is a setting, not an action", "put it above [keys]"),
            ("filter = \"Ctl-D\"", "line 2: there is no key “Ctl-D”, for filter", "Ctrl-D"),
            ("filter = [\"F3\", \"\"]", "line 2: there is no key “”, for filter", "Ctrl-D"),
            ("filter = 3", "line 2: filter takes the names of keys", "[\"F3\", \"F4\"]"),
            ("filter = \"F3\"\nfilter = \"F4\"", "line 3: filter is there already, in line 2", "in a list"),
            ("filter", "line 2: it is not “key = value”", "--default"),
            // Bound twice
            ("filter = \"t\"", "line 2: t would be both filter and tag (Browse)", "tag = [] for none"),
            ("tag = \"c\"", "line 2: c would be both tag and colouring (Live)", "colouring = [] for none"),
            ("tag = \"j\"", "line 2: j would be both tag and down (Everywhere, unless", "down = \"Down\""),
            ("tag = \"F3\"\nnote = \"F3\"", "line 3: F3 would be both note and tag", "leave it to one of them"),
            ("redraw = \"Enter\"", "line 2: Enter would be both redraw and open", "open = [] for none"),
            ("suspend = \"F1\"", "line 2: F1 would be both suspend and help (Everywhere)", "help = \"?\""),
            // Left alone
            ("filter = \"Ctrl-B\"", "line 2: Ctrl-B cannot be filter, Ctrl-B is left to tmux", "another key"),
            ("filter = \"Ctrl-a\"", "Ctrl-A is left to screen", "another key"),
            ("filter = \"Ctrl-S\"", "flow control", "another key"), ("filter = \"Ctrl-Q\"", "flow", "another key"),
            ("filter = \"Ctrl-W\"", "web terminals", "another key"), ("filter = \"Ctrl-N\"", "web", "another key"),
            ("filter = \"Ctrl-T\"", "web terminals", "another key"),
            ("filter = \"Ctrl-I\"", "terminals send the same for Ctrl-I and for Tab", "write Tab"),
            ("filter = \"Ctrl-M\"", "for Ctrl-M and for Enter", "write Enter"),
            ("filter = \"Ctrl-h\"", "for Ctrl-h and for Backspace", "write Backspace"),
            ("filter = \"Ctrl-[\"", "for Ctrl-[ and for Esc", "write Esc"),
            ("filter = \"Ctrl-Enter\"", "terminals do not send Ctrl-Enter", "F1 to F12"),
            ("filter = \"Ctrl-1\"", "terminals do not send Ctrl-1", "F1 to F12"),
            ("filter = \"Shift-g\"", "do not tell Shift-g", "as in G"),
            ("filter = \"Alt-3\"", "how often the next movement", "another key"),
            ("filter = \"Alt-[\"", "Alt-[ begins", "another key"),
            // Ways out
            ("interrupt = \"Ctrl-X\"", "line 2: interrupt has to keep Ctrl-C", "interrupt = [\"Ctrl-C\", \"Ctrl-X\"]"),
            ("interrupt = []", "line 2: interrupt has to keep Ctrl-C", "interrupt = \"Ctrl-C\""),
            ("copy = \"Ctrl-C\"", "line 2: Ctrl-C cannot be copy", "quits"),
            ("palette = []", "line 2: palette has to keep a key", "runs every action"),
            ("answer = \"a\"", "line 2: a cannot be answer", "Ctrl or Alt"),
        ])
    func mistakes(_ lines: String, _ description: String, _ hint: String) throws {
        let problem = try #require(throws: SettingsFile.Problem.self) { try settings(lines) }
        #expect(problem.description.hasPrefix("config.toml, line "), "\(problem.description)")
        #expect(problem.description.contains(description), "\(problem.description)")
        #expect(problem.hint?.contains(hint) == true, "\(problem.hint ?? "")")
    }

    @Test("every standard key can be written as the map names it")
    func standardKeys() throws {
        for action in KeyMap.standard.actions {
            let names = KeyMap.standard.chords(of: action).map { "'\($0)'" }.joined(separator: ", ")
            #expect(
                try settings("\(action.rawValue) = [\(names)]").chords[action] == KeyMap.standard.chords(of: action))
        }
    }
}
