import TerminalKit
import Testing
import TopsailEngine
import TopsailUI

@Suite("Settings") struct SettingsTests {
    @Test("what is set is read, the rest stays unset")
    func reading() throws {
        let text = """
            # a comment
            theme = "light"   # and another
            bars = true
            hide = ["violence", "self_harm"]
            contexts = "full"
            answer_tokens = 400 # longer
            temperature = 0.7
            seed = 12
            """
        let settings = try SettingsFile.parse(text, path: "config.toml")
        #expect(settings.theme == .light)
        #expect(settings.bars == true)
        #expect(settings.hide == ["violence", "self_harm"])
        #expect(settings.contexts == .full)
        #expect(settings.answerTokens == 400 && settings.temperature == 0.7 && settings.seed == 12)
        var state = ExplorerState(size: Size(width: 80, height: 24), theme: Themes.dark)
        settings.apply(to: &state)
        #expect(state.live.sampling == AnswerOptions(maxTokens: 400, temperature: 0.7, seed: 12))
        #expect(settings.color == nil)
    }

    @Test("the commented default sets nothing, and without its signs everything as it is")
    func defaults() throws {
        #expect(try SettingsFile.parse(ExplorerSettings.commentedDefault, path: "x") == ExplorerSettings())
        let lines = ExplorerSettings.commentedDefault.split(separator: "\n").filter {
            $0.contains(" = ") && !$0.contains("e.g.") || $0 == "[keys]"
        }
        let text = lines.map { $0.hasPrefix("# ") ? $0.dropFirst(2) : $0 }.joined(separator: "\n")
        let settings = try SettingsFile.parse(text, path: "x")
        for key in ExplorerSettings.keys { #expect(settings.value(of: key.name) == key.standard, "\(key.name)") }
        #expect(Set(settings.chords.keys) == Set(Action.allCases))
        let remapped = KeyMap.standard.remapped(settings.chords).bindings
        #expect(remapped.map(\.chords) == KeyMap.standard.bindings.map(\.chords))
        #expect(remapped.map(\.context) == KeyMap.standard.bindings.map(\.context))
    }

    @Test(
        "a mistake names its line and the remedy",
        arguments: [
            ("\n\ntheem = \"dark\"", "line 3: there is no key “theem”", "did you mean theme?"),
            ("theme = \"pink\"", "line 1: theme cannot be that", "dark, light"),
            ("bars = \"yes\"", "line 1: bars cannot be that", "true, false"),
            ("hide = [\"a\"", "line 1: the value cannot be read", "[\"a\", \"b\"]"),
            ("answer_tokens = 0", "line 1: answer_tokens cannot be that", "from 1 to"),
            ("answer_tokens = 1.5", "line 1: answer_tokens cannot be that", "whole number"),
            ("temperature = -1", "line 1: temperature cannot be that", "from 0 to 10"),
            ("temperature = \"hot\"", "line 1: temperature cannot be that", "from 0 to 10"),
            ("seed = -3", "line 1: seed cannot be that", "whole number"),
            ("theme", "line 1: it is not “key = value”", "--default"),
            ("theme = \"dark\" x", "line 1: the value cannot be read", "values are"),
            ("\n[colours]", "line 2: there is no section [colours]", "only [keys]"),
        ])
    func mistakes(_ text: String, _ description: String, _ hint: String) throws {
        let problem = try #require(throws: SettingsFile.Problem.self) {
            try SettingsFile.parse(text, path: "config.toml")
        }
        #expect(problem.description.contains("config.toml, " + description), "\(problem.description)")
        #expect(problem.hint?.contains(hint) == true, "\(problem.hint ?? "")")
    }
}
