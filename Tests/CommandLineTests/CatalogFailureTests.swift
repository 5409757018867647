import Foundation
import Testing
import TopsailCatalog
import TopsailTestSupport

@Suite("A catalog that cannot be used") struct CatalogFailureTests {
    private static let commands = [
        ["neurons"], ["neuron", "3_1"], ["note", "3_1", "text"], ["categories"], ["log"], ["list", "show"], [],
    ]

    /// Runs every command, and the explorer without a terminal; each must say the same in one sentence.
    private func expect(_ program: Program, says words: String) throws {
        let path = program.workspace + "/catalog.sqlite"
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        for command in Self.commands {
            let result = try program.run(command)
            #expect(result.status == 1, "\(command): \(result.output)")
            #expect(result.errors.hasPrefix("error: ") && result.errors.contains(words), "\(command): \(result.errors)")
            #expect(result.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }.count == 1)
            #expect(result.output.isEmpty, "\(command)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    private func rewrite(_ program: Program, _ body: (inout Data) -> Void) throws {
        let url = URL(fileURLWithPath: program.workspace + "/catalog.sqlite")
        var data = try Data(contentsOf: url)
        body(&data)
        try data.write(to: url)
    }

    @Test("a newer one, one that is cut off and something else are told apart")
    func kinds() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        try rewrite(program) { $0 = $0.prefix($0.count / 2) }
        try expect(program, says: "it ends after")
        try rewrite(program) { $0 = Data(String(repeating: "text ", count: 1000).utf8) }
        try expect(program, says: "is not a Topsail catalog")
        try FileManager.default.removeItem(atPath: program.workspace + "/catalog.sqlite")
        try TinyCatalog.install(in: program)
        let newer = try Catalog(path: program.workspace + "/catalog.sqlite")
        try newer.execute(sql: "INSERT INTO grdb_migrations VALUES ('99999')")
        try newer.backup(to: program.workspace + "/newer.sqlite")
        try rewrite(program) {
            $0 = (try? Data(contentsOf: URL(fileURLWithPath: program.workspace + "/newer.sqlite"))) ?? $0
        }
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: program.workspace + "/catalog.sqlite" + suffix)
        }
        try expect(program, says: "newer version")
    }

    @Test("a damaged catalog is checked and saved by name")
    func damaged() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let page = try #require(
            try Catalog.pages(of: "neuron_evidence", at: program.workspace + "/catalog.sqlite").first)
        try rewrite(program) {
            $0.replaceSubrange((page - 1) * 4096..<page * 4096 - 2048, with: Data(repeating: 0xFF, count: 2048))
        }
        let check = try program.run("catalog", "check", "--json")
        #expect(check.status == 1 && check.errors.contains("hint: topsail catalog backup"))
        #expect(
            try check.json()["damage"].array?.contains { $0["table"].string == "neuron_evidence" } == true,
            "\(check.output)")
        let copy = program.folder.path("saved.sqlite")
        let saved = try program.run("catalog", "backup", copy, "--json")
        #expect(saved.status == 0, "\(saved.errors)")
        #expect(try saved.json()["rescued"].bool == true)
        #expect(try Catalog(path: copy).check() == [])
        #expect(try Catalog(path: copy).summary().neurons == 4)
    }

    @Test("a limit on the size of files is an error with a sentence, and nothing is changed")
    func fileSizeLimit() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let path = program.workspace + "/catalog.sqlite"
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        let errors = program.folder.path("errors")
        shell.arguments = [
            "-c", "ulimit -f 1; exec \"$0\" note 3_1 \"$1\" 2>&1 | cat > \"$2\"", Program.path,
            String(repeating: "long ", count: 5000), "/dev/stderr",
        ]
        shell.environment = program.environment
        _ = FileManager.default.createFile(atPath: errors, contents: nil)
        shell.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        try shell.run()
        shell.waitUntilExit()
        let text = try String(contentsOfFile: errors, encoding: .utf8)
        #expect(text.contains("error: the catalog") && text.contains("limit on file sizes"), "\(text)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try Catalog(path: path).check() == [])
    }

    @Test("logs of another time beside the catalog do no harm", arguments: ["garbage", "cut", "empty"])
    func staleLog(kind: String) throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let path = program.workspace + "/catalog.sqlite"
        switch kind {
        case "garbage":
            try Data((0..<9000).map { UInt8(truncatingIfNeeded: $0 * 7) }).write(
                to: URL(fileURLWithPath: path + "-wal"))
        case "empty": try Data().write(to: URL(fileURLWithPath: path + "-wal"))
        default:
            // The log of a program that was killed, cut off in its last frame.
            let catalog = try Catalog(path: path)
            try catalog.setNote("first", of: .layered(layer: 3, index: 0))
            try catalog.setNote("second", of: .layered(layer: 3, index: 1))
            let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
            try FileManager.default.copyItem(atPath: path, toPath: path + ".copy")
            withExtendedLifetime(catalog) {}
            for suffix in ["", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            try FileManager.default.moveItem(atPath: path + ".copy", toPath: path)
            try log.dropLast(1000).write(to: URL(fileURLWithPath: path + "-wal"))
        }
        #expect(try program.run("neurons").status == 0)
        if kind == "cut" { #expect(try program.run("neuron", "3_0", "--json").json()["note"].string == "first") }
        #expect(try program.run("catalog", "check").status == 0)
    }

    @Test("texts of any kind and length are kept as they are and shown harmless")
    func hostileTexts() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let text = "\u{1B}[31m\u{9B}2J\u{7}\r\n\u{202E}abc\u{2066}" + String(repeating: "long ", count: 20_000)
        for command in [["note"], ["explanation", "set"]] {
            let result = try program.run(command + ["3_1", text])
            #expect(result.status == 0, "\(result.errors)")
        }
        #expect(try program.run("list", "create", "l", "--description", "\u{1B}]0;x\u{7}").status == 0)
        let note = try program.run("neuron", "3_1", "--json").json()["note"].string
        #expect(note.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
        for command in [
            ["neuron", "3_1"], ["neurons"], ["log"], ["log", "--json"], ["list", "show"], ["undo"], ["redo"],
            ["neuron", "3_1", "--json"],
        ] {
            let scalars = try program.run(command).output.unicodeScalars
            let harmful: Set<UInt32> = [0x1B, 0x9B, 0x07, 0x0D, 0x202E, 0x2066]
            #expect(!scalars.contains { harmful.contains($0.value) }, "\(command)")
        }
    }

    @Test("ratings, categories and merging are told by the program")
    func newCommands() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        #expect(try program.run("rate", "3_1", "4", "--json").json()["rating"].int == 4)
        #expect(try program.run("neuron", "3_1", "--json").json()["rating"].int == 4)
        #expect(try program.run("neuron", "3_1").output.contains("★★★★☆"))
        #expect(try program.run("rate", "3_1", "6").status == 64)
        #expect(try program.run("categories", "add", "fraud", "--label", "Fraud").status == 0)
        #expect(try program.run("tag", "add", "3_0", "fraud").status == 0)
        #expect(try program.run("categories", "remove", "fraud").errors.contains("a neuron is tagged with it"))
        let domains = try program.run("categories", "--json").json()["domains"].array
        #expect(domains?.last?["slug"].string == "fraud" && domains?.last?["own"].bool == true)
        let other = try Program()
        try TinyCatalog.install(in: other)
        let part = program.workspace + "/catalog.sqlite"
        let merged = try other.run("catalog", "merge", part, "--json").json()
        #expect(merged["changed"].bool == true && merged["parts"][0]["annotations"].int == 3)
        #expect(try other.run("catalog", "merge", part, "--json").json()["changed"].bool == false)
        #expect(try other.run("undo").status == 0)
        #expect(try other.run("neuron", "3_1", "--json").json()["rating"].isNull)
    }
}
