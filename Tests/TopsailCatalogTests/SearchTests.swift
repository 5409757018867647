import Testing
import TopsailCatalog
import TopsailCore

@Suite("Search") struct SearchTests {
    static func sample() throws -> SampleCatalog {
        let sample = try SampleCatalog()
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.addExplanations([
                0: NeuronExplanation(source: "tokens", text: "refuses politely, with an apology"),
                1: NeuronExplanation(source: "tokens", text: "an apology with long, polite refusals"),
                2: NeuronExplanation(source: "model", text: "names of cafés in Tōkyō"),
                3: NeuronExplanation(source: "tokens", text: "AND OR NOT NEAR operators"),
                4: NeuronExplanation(source: "tokens", text: "强盗 and 名前"),
            ])
            try writer.addTags([5: [DerivedTag(slug: "violence.threat", source: .contrast)]])
        }
        try sample.catalog.setNote("ask about refusals", of: .sample(6))
        return sample
    }

    static func found(_ text: String, in catalog: Catalog) throws -> [Int] {
        try catalog.neurons(matching: NeuronFilter(search: text), sort: NeuronSort(.id)).map(\.index)
    }

    @Test(
        "words, prefixes, phrases and places",
        arguments: [
            ("refus", [0, 1, 6]), ("REFUSES", [0]), ("apology polite", [0, 1]), ("\"an apology with\"", [1]),
            ("\"with an apo\"*", [0]), ("\"with an apo\"", []), ("cafe tokyo", [2]), ("CAFÉS", [2]),
            ("threat", [5]), ("violence", [5]), ("ask refusals", [6]), ("强盗", [4]), ("nothing at all", []),
            ("   ", [0, 1, 2, 3, 4, 5, 6]), ("near operators", [3]), ("AND", [3, 4]),
            ("apology \"polite refusals", [1]),
        ] as [(String, [Int])])
    func finds(text: String, indices: [Int]) throws {
        let catalog = try Self.sample().catalog
        #expect(try Self.found(text, in: catalog) == indices)
        #expect(try catalog.count(matching: NeuronFilter(search: text)) == indices.count)
    }

    @Test(
        "no text is an error",
        arguments: [
            "\"", "\"\"", "*", "\"*, NEAR(", "NEAR(a b, 3)", "explanation : x", "{explanation note} : x", "^start",
            "a^", "-a",
            "a AND", "OR", "NOT a", "(a", "a)", "'; DROP TABLE neuron; --", "\\", "a\0b", "🙂", "\u{301}", "e\u{301}",
            "\u{FEFF}",
            "a*b*", "***", "\"a\" *", "\"*\"*", "%_", "\u{1B}[31m", String(repeating: "\"a ", count: 500),
            String(repeating: "word ", count: 2000),
        ])
    func hostile(text: String) throws {
        let catalog = try Self.sample().catalog
        #expect(throws: Never.self) { try catalog.neurons(matching: NeuronFilter(search: text)) }
        #expect(throws: Never.self) { try catalog.count(matching: NeuronFilter(search: text)) }
    }

    @Test(
        "punctuation alone finds nothing, white space alone is no condition",
        arguments: ["*", "\"\"", "***", "?!", "🙂"])
    func punctuation(text: String) throws {
        #expect(SearchExpression.parse(text) == .nothing)
        #expect(SearchExpression.parse(" \t") == .everything)
    }

    @Test("the index follows every change")
    func follows() throws {
        let catalog = try Self.sample().catalog
        try catalog.setExplanation("harbour", of: .sample(0))
        // The derived words stay searchable beside the person's.
        #expect(try Self.found("harbour", in: catalog) == [0])
        #expect(try Self.found("politely", in: catalog) == [0])
        try catalog.undo()
        #expect(try Self.found("harbour", in: catalog) == [])
        try catalog.addTag("privacy.doxxing", to: .sample(2))
        #expect(try Self.found("doxxing", in: catalog) == [2])
        try catalog.updateDerived(sae: SampleCatalog.sae) { try $0.removeExplanations(source: "tokens") }
        #expect(try Self.found("apology", in: catalog) == [])
        #expect(try Self.found("refusals", in: catalog) == [6])
    }
}
