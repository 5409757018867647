import Foundation
import Testing
import TopsailTestSupport

@Suite("Catalog commands") struct CatalogCommandTests {
    private func makeProgram() throws -> Program {
        let program = try Program()
        try TinyCatalog.install(in: program)
        return program
    }

    @Test("neurons prints one document a neuron with every promised key")
    func neurons() throws {
        let result = try makeProgram().run("neurons", "--json", "--sort", "max", "--limit", "2", "--offset", "1")
        #expect(result.status == 0, "\(result.errors)")
        let neurons = try result.jsonLines()
        #expect(neurons.map { $0["neuron"].string } == ["3_2", "3_1"])
        let keys = ["neuron", "sae", "index", "layer", "explanation", "correlation_score", "tags", "density", "max"]
        #expect(neurons.allSatisfy { Set($0.object?.keys.map { $0 } ?? []) == Set(keys) })
        #expect(neurons[0]["tags"].strings == ["violence.threat"])
        #expect(neurons[0]["explanation"].isNull)
        #expect(neurons[1]["density"].double == 0.01)
    }

    @Test("neurons are found by category, words and who tagged them")
    func filters() throws {
        let program = try makeProgram()
        func found(_ arguments: String...) throws -> [String?] {
            try program.run(["neurons", "--json"] + arguments).jsonLines().map { $0["neuron"].string }
        }
        #expect(try found("--category", "violence") == ["3_2"])
        #expect(try found("--category", "privacy") == [])
        #expect(try found("--search", "motion") == ["3_1"])
        #expect(try found("--tagged-by", "contrast") == ["3_2"])
        #expect(try found("--tagged-by", "human") == [])
        #expect(try found("--layer", "4") == [])
    }

    @Test("a filter is kept under a name, used, removed and brought back")
    func queries() throws {
        let program = try makeProgram()
        #expect(try program.run("query", "save", "loud", "max>2", "tag:violence").status == 0)
        let found = try program.run("neurons", "--json", "--query", "loud").jsonLines()
        #expect(found.map { $0["neuron"].string } == ["3_2"])
        let saved = try program.run("query", "list", "--json").json()["queries"].array
        #expect(saved?.map { $0["name"].string } == ["loud"] && saved?[0]["filter"].string == "max>2 tag:violence")
        let wrong = try program.run("query", "save", "bad", "loudness>2")
        #expect(wrong.status == 1 && wrong.errors.contains("no field"), "\(wrong.errors)")
        #expect(try program.run("neurons", "--query", "loud", "--layer", "3").status == 64)
        #expect(try program.run("query", "remove", "loud").status == 0)
        let missing = try program.run("neurons", "--query", "loud")
        #expect(missing.status == 1 && missing.errors.contains("loud"), "\(missing.errors)")
        #expect(try program.run("undo").status == 0)
        #expect(try program.run("neurons", "--json", "--query", "loud").jsonLines().count == 1)
    }

    @Test("neuron prints all that is known")
    func neuron() throws {
        let neuron = try makeProgram().run("neuron", "3_1", "--json").json()
        #expect(neuron["explanation"].string == "verbs of motion")
        #expect(neuron["explanation_source"].string == "tokens")
        let context = neuron["contexts"][0]
        #expect(context["ids"].ints == [5, 6, 7, 8])
        #expect(context["max"].double == 0.5)
        #expect(context["max_position"].int == 2)
        #expect(context["activations"].array?.count == 4)
    }

    @Test("a person's changes are kept, shown, undone and redone")
    func journal() throws {
        let program = try makeProgram()
        #expect(
            try program.run("tag", "add", "3_0", "privacy", "violence.threat", "--json").json()["changed"].bool == true)
        #expect(try program.run("tag", "add", "3_0", "privacy", "--json").json()["changed"].bool == false)
        #expect(
            try program.run("explanation", "set", "3_0", "street names", "--json").json()["explanation"].string
                == "street names")
        let tags = try program.run("neuron", "3_0", "--json").json()["tags"].strings
        #expect(Set(tags ?? []) == ["privacy", "violence.threat"])
        #expect(try program.run("log", "--json").jsonLines().map { $0["state"].string } == ["done", "done"])
        #expect(try program.run("undo").status == 0)
        #expect(try program.run("neuron", "3_0", "--json").json()["explanation"].isNull)
        #expect(try program.run("redo").status == 0)
        #expect(try program.run("neuron", "3_0", "--json").json()["explanation"].string == "street names")
        for _ in 0..<2 { #expect(try program.run("undo").status == 0) }
        let nothing = try program.run("undo")
        #expect(nothing.status == 1)
        #expect(nothing.errors == "error: there is nothing to undo\n")
    }

    @Test("a person's lists hold neurons in a row")
    func lists() throws {
        let program = try makeProgram()
        #expect(try program.run("list", "create", "mine", "--description", "-to check").status == 0)
        let filled = try program.run("list", "add", "mine", "3_1", "tiny/3", "--json").json()
        #expect(filled["neurons"].array?.map { $0["neuron"].string } == ["3_1", "3_3"])
        #expect(try program.run("list", "remove", "mine", "3_1", "--json").json()["neurons"].array?.count == 1)
        let lists = try program.run("list", "show", "--json").json()["lists"]
        #expect(lists[0]["description"].string == "-to check")
        #expect(lists[0]["count"].int == 1)
    }

    @Test("categories counts neurons by domain and concept")
    func categories() throws {
        let tree = try makeProgram().run("categories", "--json").json()
        #expect(tree["neurons"].int == 4)
        #expect(tree["untagged"].int == 3)
        #expect(tree["domains"][0]["neurons"].int == 1)
        #expect(tree["domains"][0]["children"][0]["direct"].int == 1)
    }

    @Test("the catalog can be inspected, checked and copied")
    func maintenance() throws {
        let program = try makeProgram()
        #expect(try program.run("catalog", "info", "--json").json()["neurons"].int == 4)
        #expect(try program.run("catalog", "check", "--json").json()["problems"].array?.isEmpty == true)
        let copy = program.folder.path("copy.sqlite")
        #expect(try program.run("catalog", "backup", copy).status == 0)
        #expect(FileManager.default.fileExists(atPath: copy))
    }

    @Test(
        "what is not there is named, with a hint where there is one",
        arguments: [
            (["neuron", "3_9"], "3_9"), (["neuron", "5_1"], "5_1"), (["neuron", "x"], "x"),
            (["tag", "add", "3_1", "violense"], "violense"), (["neurons", "--category", "nowhere"], "nowhere"),
            (["neurons", "--sae", "huge"], "huge"), (["list", "show", "nothing"], "nothing"),
        ])
    func unknown(_ arguments: [String], _ name: String) throws {
        let result = try makeProgram().run(arguments)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("error: "), "\(result.errors)")
        #expect(result.errors.contains(name), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test("a workspace without a catalog says how to get one")
    func noCatalog() throws {
        let result = try Program().run("neurons")
        #expect(result.status == 1)
        #expect(result.errors.contains("hint: run: topsail setup"))
    }

    @Test("control characters in the catalog never reach a terminal")
    func hostileText() throws {
        let program = try Program()
        try TinyCatalog.install(in: program, explanation: "evil \u{1B}[31m \u{9B}2J \u{202E}text")
        for arguments in [["neurons"], ["neuron", "3_1"], ["neurons", "--json"], ["neuron", "3_1", "--json"]] {
            let scalars = try program.run(arguments).output.unicodeScalars
            #expect(!scalars.contains { $0.value == 0x1B || $0.value == 0x9B || $0.value == 0x202E }, "\(arguments)")
        }
        let neuron = try program.run("neuron", "3_1", "--json").json()
        #expect(neuron["explanation"].string?.unicodeScalars.contains("\u{202E}") == true)
    }
}
