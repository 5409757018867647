import Testing
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
            """
        let settings = try SettingsFile.parse(text, path: "config.toml")
        #expect(settings.theme == .light)
        #expect(settings.bars == true)
        #expect(settings.hide == ["violence", "self_harm"])
        #expect(settings.contexts == .full)
        #expect(settings.color == nil)
    }

    @Test("the commented default sets nothing, and without its signs everything as it is")
    func defaults() throws {
        #expect(try SettingsFile.parse(ExplorerSettings.commentedDefault, path: "x") == ExplorerSettings())
        let lines = ExplorerSettings.commentedDefault.split(separator: "\n").filter {
            $0.contains(" = ") && !$0.contains("e.g.")
        }
        let settings = try SettingsFile.parse(lines.map { $0.dropFirst(2) }.joined(separator: "\n"), path: "x")
        for key in ExplorerSettings.keys { #expect(settings.value(of: key.name) == key.standard, "\(key.name)") }
    }

    @Test(
        "a mistake names its line and the remedy",
        arguments: [
            ("\n\ntheem = \"dark\"", "line 3: there is no key “theem”", "did you mean theme?"),
            ("theme = \"pink\"", "line 1: theme cannot be that", "dark, light"),
            ("bars = \"yes\"", "line 1: bars cannot be that", "true, false"),
            ("hide = [\"a\"", "line 1: the value cannot be read", "[\"a\", \"b\"]"),
            ("theme", "line 1: it is not “key = value”", "--default"),
            ("theme = \"dark\" x", "line 1: the value cannot be read", "values are"),
        ])
    func mistakes(_ text: String, _ description: String, _ hint: String) throws {
        let problem = try #require(throws: SettingsFile.Problem.self) {
            try SettingsFile.parse(text, path: "config.toml")
        }
        #expect(problem.description.contains("config.toml, " + description), "\(problem.description)")
        #expect(problem.hint?.contains(hint) == true, "\(problem.hint ?? "")")
    }
}
