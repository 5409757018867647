import Testing
import TopsailTestSupport

@Suite("Without a terminal") struct NoTerminalTests {
    @Test("topsail says what the workspace holds and how to fill it")
    func empty() throws {
        let result = try Program().run()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("not there yet"))
        #expect(result.output.contains("topsail setup"))
    }

    @Test("topsail says how to explore what is there")
    func filled() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let result = try program.run()
        #expect(result.status == 0)
        #expect(result.output.contains("4 neurons"))
        #expect(result.output.contains("topsail report"))
    }

    @Test("keys can be played without one, and the last screen is printed")
    func replay() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let result = try program.run("explore", "--keys", "jj", "--size", "100x30")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("verbs of motion"), "\(result.output)")
    }

    @Test("doctor reports what is missing and fails only for what is broken")
    func doctor() throws {
        let program = try Program()
        let result = try program.run("doctor", "--json")
        #expect(result.status == 0, "\(result.errors)")
        let checks = try #require(try result.json()["checks"].array)
        #expect(checks.contains { $0["subject"].string == "catalog" && $0["verdict"].string == "missing" })
        _ = try program.run("setup", "--offline")
        _ = try program.folder.file("workspace/models/broken.gguf", Array("GGUF".utf8))
        let broken = try program.run("doctor")
        #expect(broken.status == 1)
        #expect(broken.output.contains("broken.gguf"), "\(broken.output)")
    }
}
