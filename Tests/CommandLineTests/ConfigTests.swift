import Foundation
import Testing

@Suite("Settings of the command line") struct ConfigTests {
    private func program(_ settings: String) throws -> Program {
        var program = try Program()
        program.environment["XDG_CONFIG_HOME"] = program.folder.path("settings")
        let folder = program.folder.path("settings/topsail")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(settings.utf8).write(to: URL(fileURLWithPath: folder + "/config.toml"))
        return program
    }

    @Test("config shows the keys that were set, and as JSON all of them")
    func keys() throws {
        let program = try program("bars = true\n[keys]\nfilter = [\"/\", \"F3\"]\nflat-tree = []\n")
        let result = try program.run("config")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\n[keys]\nfilter"))
        #expect(result.output.contains(#"["/", "F3"]"#) && result.output.contains("flat-tree"))
        #expect(!result.output.contains("reverse-sort"))
        let json = try program.run("config", "--json").output
        #expect(json.contains(#""filter":{"value":["/","F3"],"is_set":true}"#), "\(json)")
        #expect(json.contains(#""sort":{"value":["s"],"is_set":false}"#), "\(json)")
    }

    @Test("the commented default is a file that can be read")
    func commented() throws {
        let text = try program("").run("config", "--default").output
        #expect(text.contains("\n[keys]\n") && text.contains("\n# page-down = \"PgDn\"  # one page down\n"))
        #expect(try program(text).run("config").status == 0)
    }

    @Test("the guide's example of keys can be read")
    func guide() throws {
        let guide = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Docs/USER_GUIDE.md")
        let parts = try String(contentsOf: guide, encoding: .utf8).components(separatedBy: "```toml\n")
        let example = try #require(parts.dropFirst().first?.components(separatedBy: "```").first)
        #expect(example.hasPrefix("[keys]"))
        let result = try program(example).run("config")
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test(
        "a mistake among the keys is told before anything opens",
        arguments: [["config"], ["explore"], ["explore", "--keys", "j"]])
    func mistakes(_ arguments: [String]) throws {
        let result = try program("[keys]\nfilter = \"t\"\n").run(arguments)
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(
            result.errors.contains("config.toml, line 2: t would be both filter and tag (Browse)"), "\(result.errors)")
    }
}
