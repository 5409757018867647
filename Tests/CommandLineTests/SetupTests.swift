import Foundation
import Testing
import TopsailCatalog
import TopsailCore
import TopsailFiles
import TopsailTestSupport

@Suite("topsail setup") struct SetupTests {
    @Test("offline, it makes everything but the model and says so")
    func offline() throws {
        let program = try Program()
        let result = try program.run("setup", "--offline", "--json")
        #expect(result.status == 0, "\(result.errors)")
        let steps = try #require(try result.json()["steps"].array)
        #expect(steps.last?["part"].string == "model")
        #expect(steps.last?["outcome"].string == "missing")
        #expect(steps.last?["path"].isNull == true)
        #expect(result.errors.contains("--offline"))
        #expect(FileManager.default.fileExists(atPath: program.workspace + "/catalog.sqlite"))
        #expect(try program.run("categories", "--json").json()["domains"].array?.isEmpty == false)
    }

    @Test("a second run finds everything in place")
    func twice() throws {
        let program = try Program()
        _ = try program.run("setup", "--offline")
        let before = try FileManager.default.subpathsOfDirectory(atPath: program.workspace).sorted()
        let steps = try #require(try program.run("setup", "--offline", "--json").json()["steps"].array)
        #expect(steps.dropLast().allSatisfy { $0["outcome"].string == "present" }, "\(steps)")
        #expect(try FileManager.default.subpathsOfDirectory(atPath: program.workspace).sorted() == before)
    }

    @Test("a workspace that cannot be made is an error that names it, and nothing is left")
    func unwritable() throws {
        var program = try Program()
        // A file where a folder should be stops everyone, root included.
        let file = try program.folder.file("plain", Data())
        program.environment["TOPSAIL_HOME"] = file + "/inner/workspace"
        let result = try program.run("setup", "--offline")
        #expect(result.status == 1)
        #expect(
            result.errors.hasPrefix("error: the workspace \(file)/inner/workspace cannot be written"),
            "\(result.errors)")
        #expect(result.errors.contains("hint: "))
        #expect(result.output.isEmpty)
    }

    @Test("--workspace comes before the variables, TOPSAIL_HOME before XDG_DATA_HOME")
    func places() throws {
        var program = try Program()
        program.environment["XDG_DATA_HOME"] = program.folder.path("xdg")
        let option = program.folder.path("option")
        #expect(try program.run("--workspace", option, "--json").json()["workspace"].string == option)
        #expect(try program.run("--json").json()["workspace"].string == program.workspace)
        program.environment["TOPSAIL_HOME"] = nil
        #expect(try program.run("--json").json()["workspace"].string == program.folder.path("xdg") + "/topsail")
        program.environment["XDG_DATA_HOME"] = nil
        let home = program.folder.path(".local/share/topsail")
        #expect(try program.run("--json").json()["workspace"].string == home)
    }
}

@Suite("The shipped catalog and SAEs") struct ShippedDataTests {
    /// A data folder as it is shipped, with one neuron of a tiny SAE.
    private func makeData(_ program: Program, explanation: String) throws -> String {
        let root = program.folder.path("data")
        let sae = root + "/saes/tiny"
        try FileManager.default.createDirectory(atPath: sae, withIntermediateDirectories: true)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: sae + "/cfg.json"))
        try Data(explanation.utf8).write(to: URL(fileURLWithPath: sae + "/sae_weights.safetensors"))
        let taxonomy = Data(TinyCatalog.taxonomyJSON.utf8)
        try taxonomy.write(to: URL(fileURLWithPath: root + "/taxonomy.json"))
        let packed = try Gzip.compress(try TinyCatalog.file(explanation: explanation))
        try packed.write(to: URL(fileURLWithPath: root + "/catalog.sqlite.gz"))
        return root
    }

    private func explanation(_ program: Program) throws -> String? {
        try program.run("neuron", "3_1", "--json").json()["explanation"].string
    }

    private func outcomes(_ program: Program) throws -> [String: String] {
        let steps = try program.run("setup", "--offline", "--json").json()["steps"].array ?? []
        return Dictionary(uniqueKeysWithValues: steps.map { ($0["part"].string ?? "", $0["outcome"].string ?? "") })
    }

    @Test("are installed, and newer ones take their place while nobody has written into the catalog")
    func replaces() throws {
        var program = try Program()
        program.environment["TOPSAIL_DATA"] = try makeData(program, explanation: "first")
        #expect(
            try outcomes(program) == [
                "workspace": "installed", "sae": "installed", "catalog": "installed", "model": "missing",
            ])
        #expect(try explanation(program) == "first")
        _ = try makeData(program, explanation: "second")
        #expect(try outcomes(program)["catalog"] == "installed")
        #expect(try explanation(program) == "second")
        let weights = program.workspace + "/saes/tiny/sae_weights.safetensors"
        #expect(try String(contentsOfFile: weights, encoding: .utf8) == "second")
    }

    @Test("never overwrite what a person wrote")
    func keeps() throws {
        var program = try Program()
        program.environment["TOPSAIL_DATA"] = try makeData(program, explanation: "first")
        _ = try outcomes(program)
        #expect(try program.run("note", "3_1", "mine").status == 0)
        _ = try makeData(program, explanation: "second")
        let result = try program.run("setup", "--offline")
        #expect(result.status == 0)
        #expect(result.errors.contains("1 of your annotations"), "\(result.errors)")
        #expect(try explanation(program) == "first")
        #expect(try program.run("neuron", "3_1", "--json").json()["note"].string == "mine")
    }

    @Test("a damaged shipped catalog is refused and leaves none behind")
    func damaged() throws {
        var program = try Program()
        let data = try makeData(program, explanation: "first")
        let path = data + "/catalog.sqlite.gz"
        try Data(contentsOf: URL(fileURLWithPath: path)).dropLast(100).write(to: URL(fileURLWithPath: path))
        program.environment["TOPSAIL_DATA"] = data
        let result = try program.run("setup", "--offline")
        #expect(result.status == 1)
        #expect(result.errors.contains("catalog.sqlite.gz"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: program.workspace + "/catalog.sqlite"))
    }
}
