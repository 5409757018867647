import Foundation
import Testing
import TopsailTestSupport

@Suite("Import and export commands") struct InterchangeCommandTests {
    @Test("what is exported imports again, and the report has the promised keys")
    func roundTrip() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let path = program.folder.path("all.jsonl")
        let export = try program.run("export", "jsonl", "--output", path, "--json")
        #expect(export.status == 0, "\(export.errors)")
        #expect(try export.json()["neurons"].int == 4)
        let report = try program.run("import", "jsonl", path, "--json").json()
        #expect(report["neurons"].int == 4)
        #expect(report["explanations"].int == 1)
        #expect(report["tags"].int == 1)
        #expect(report["contexts"].int == 4)
        #expect(report["skipped"].array?.isEmpty == true)
        let again = program.folder.path("again.jsonl")
        #expect(try program.run("export", "jsonl", "--output", again).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: again)) == Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test("an output that is there is not replaced, and a broken file is told in one sentence")
    func failures() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let path = try program.folder.file("there.csv", Data("mine".utf8))
        let refused = try program.run("export", "csv", "--output", path)
        #expect(refused.status == 1)
        #expect(refused.errors == "error: \(path): it exists already\nhint: --force replaces it\n")
        #expect(try program.run("export", "csv", "--output", path, "--force").status == 0)
        let broken = try program.folder.file("broken.jsonl", Data("{\"neuron\":\"3_1\"}\n{\"neuron".utf8))
        let failed = try program.run("import", "jsonl", broken)
        #expect(failed.status == 1)
        #expect(failed.errors == "error: \(broken): line 2: the text ends in the middle of a value\n")
        #expect(try program.run("import", "parquet", broken).status == 64)
    }
}
