import Foundation
import Testing
import TopsailTestSupport

@Suite("explain and score") struct ExplainCommandTests {
    private func explain(_ program: Program, _ server: StandInEndpoint, _ more: String...) throws -> Program.Result {
        try program.run(
            [
                "explain", "--explainer", "endpoint", "--endpoint", server.url, "--endpoint-model", "stand-in",
                "--json",
            ] + more)
    }

    @Test("an endpoint explains every neuron once, safety neurons first, and the key stays out of every file")
    func endpoint() throws {
        var program = try Program()
        program.environment["OPENAI_API_KEY"] = "sk-very-secret"
        try TinyCatalog.install(in: program)
        #expect(try program.run("explanation", "set", "3_1", "mine").status == 0)
        let server = try StandInEndpoint { number, _ in .text("explanation \(["A", "B", "C", "D"][number % 4])") }
        let result = try explain(program, server)
        #expect(result.status == 0, "\(result.errors)")
        let document = try result.json()
        #expect(document["source"].string == "endpoint:stand-in")
        #expect(document["explained"].int == 4)
        // Neuron 2 is the one that contrast pairs tagged.
        #expect(document["neurons"][0]["neuron"].string == "3_2")
        #expect(document["neurons"][0]["explanation"].string == "explanation A")
        #expect(document["cost"]["calls"].int == 4)
        #expect(server.asked.allSatisfy { $0.authorization == "Bearer sk-very-secret" })
        let neuron = try program.run("neuron", "3_1", "--json").json()
        #expect(neuron["explanation"].string == "mine")
        #expect(
            neuron["explanations"].array?.compactMap { $0["source"].string }.sorted() == [
                "endpoint:stand-in", "human", "tokens",
            ])

        let second = try explain(program, server).json()
        #expect(second["explained"].int == 0 && second["skipped"].int == 4)
        // Answers are kept: explaining again asks nothing.
        let third = try explain(program, server, "--again").json()
        #expect(third["explained"].int == 4 && third["cost"]["cached_calls"].int == 4)
        #expect(server.asked.count == 4)

        #expect(!(result.output + result.errors).contains("sk-very-secret"))
        let files = try #require(FileManager.default.enumerator(atPath: program.workspace))
        for case let file as String in files {
            guard let data = FileManager.default.contents(atPath: "\(program.workspace)/\(file)") else { continue }
            #expect(data.range(of: Data("sk-very-secret".utf8)) == nil, "\(file)")
        }
    }

    @Test("a dry run says what it would cost and asks nothing")
    func dryRun() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let server = try StandInEndpoint { _, _ in .text("never") }
        let document = try explain(program, server, "--dry-run", "--limit", "3").json()
        #expect(document["neurons"].int == 3)
        #expect(document["forecast"]["calls"].int == 3)
        #expect(document["forecast"]["tokens_sent"].int ?? 0 > 300)
        #expect(server.asked.isEmpty)
    }

    @Test("a server that refuses ends the run with its reason, and what was done is kept")
    func refused() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let server = try StandInEndpoint { number, _ in
            number < 2 ? .text("fine") : .status(403, body: "{\"error\": {\"message\": \"no more\"}}")
        }
        let result = try explain(program, server)
        #expect(result.status == 1)
        #expect(result.errors.contains("refused with status 403: no more"), "\(result.errors)")
        #expect(try result.json()["explained"].int == 2)
        #expect(try explain(program, server).json()["skipped"].int == 2)
    }

    @Test(
        "usage that names half of an endpoint is wrong",
        arguments: [
            ["explain", "--explainer", "endpoint"],
            ["explain", "--explainer", "endpoint", "--endpoint", "http://x/v1"],
            ["explain", "--explainer", "model", "--endpoint", "http://x/v1", "--endpoint-model", "m"],
            ["explain", "--explainer", "tokens"], ["explain", "--explainer", "model", "--corpus", "x"],
            ["explain", "--explainer", "oracle"], ["score"], ["score", "--corpus", "x", "--scorer", "segment,segment"],
            ["score", "--corpus", "x", "--scorer", "guess"], ["score", "--corpus", "x", "--compare"],
            ["score", "--corpus", "x", "--silent", "0"], ["score", "--corpus", "x", "--simulator", "endpoint"],
            ["explain", "--explainer", "model", "--requests-per-minute", "0"],
        ])
    func usage(_ arguments: [String]) throws {
        let result = try Program().run(arguments)
        #expect(result.status == 64, "\(arguments): \(result.errors)")
        #expect(result.errors.hasPrefix("error: "))
    }

    @Test("a key variable that is named and empty is an error, not a question without a key")
    func key() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let server = try StandInEndpoint { _, _ in .text("never") }
        let result = try explain(program, server, "--endpoint-key-variable", "TOPSAIL_NO_SUCH_KEY")
        #expect(result.status == 1)
        #expect(result.errors.contains("TOPSAIL_NO_SUCH_KEY holds no key"))
        #expect(server.asked.isEmpty)
    }
}
