import Foundation
import Synchronization
import TerminalKit
import Testing
import TopsailCatalog
import TopsailCore
import TopsailUI

@Suite("The catalog as the explorer's library") struct CatalogLibraryTests {
    /// Token `i` says `<i>`.
    struct Numbers: TokenTexts {
        func text(of id: TokenID) -> String { "<\(id)>" }
    }

    private static let sae = "tiny-14"

    private func library(neurons: Int = 40) throws -> (CatalogLibrary, Catalog) {
        let catalog = try Catalog.temporary()
        let json = """
            {"version": 1, "name": "test", "domains": [{"id": "violence", "label": "Violence", "concepts": [
              {"id": "violence.threat", "label": "Threat"}]}, {"id": "privacy", "label": "Privacy", "concepts": []}]}
            """
        try catalog.install(try Taxonomy.decode(Data(json.utf8), path: "taxonomy.json"))
        try catalog.register(
            SAERecord(
                name: Self.sae, model: "tiny", hook: HookPoint(.mlpOut, layer: 14), architecture: "topk", dIn: 16,
                dSAE: 64,
                isDefault: true,
                collection: CollectionFacts(corpus: "c", countedTokens: 4096, contextLength: 128, excludedTokens: "BOS")
            ))
        let document = try catalog.addDocuments(
            [CorpusDocument(number: 0, tokens: (0..<32).map { TokenID($0) })], toCorpus: "c")[0]
        try catalog.replaceDerived(sae: Self.sae) { writer in
            try writer.add(
                (0..<neurons).map { index in
                    DerivedNeuron(
                        index: index,
                        statistics: NeuronStatistics(density: Double(index) / 1000, maxActivation: Float(index)),
                        contexts: [NeuronContext(documentID: document, start: 2, activations: [0, 4, 1])],
                        logitEffects: LogitEffects(top: [TokenEffect(token: 5, value: 2)], bottom: []),
                        similar: [NeuronLink(index: (index + 1) % neurons, value: 0.5)],
                        explanations: [NeuronExplanation(source: "tokens", text: "word \(index)")])
                })
        }
        return (CatalogLibrary(catalog, texts: Numbers()), catalog)
    }

    private func key(_ index: Int) -> NeuronKey { NeuronKey(sae: Self.sae, index: index) }

    @Test("the summary names model, SAE and what was counted")
    func summary() async throws {
        let summary = try await library().0.summary()
        #expect(summary.modelName == "tiny")
        #expect(summary.saes.first?.countedTokens == 4096)
        #expect(summary.id(of: key(7)).description == "14_7")
        #expect(summary.shortName(of: key(7)) == "7")
    }

    @Test("what words find can be sorted by relevance; without words there is nothing to be relevant to")
    func relevance() async throws {
        let (library, catalog) = try library()
        try catalog.setExplanation("harbour", of: .named(sae: Self.sae, index: 3))
        try catalog.setExplanation("a long day at sea, and a harbour at last", of: .named(sae: Self.sae, index: 5))
        var query = NeuronQuery(filter: try FilterExpression.parse("harbour"), sort: .relevance)
        #expect(query.sorts.last == .relevance && query.order == .relevance)
        let found = try await library.page(of: query, rows: 0..<10, anchor: nil)
        #expect(found.rows.map(\.key.index) == [3, 5])
        query.filter = FilterExpression()
        #expect(!query.sorts.contains(.relevance) && query.order == .evidence)
        #expect(try await library.page(of: query, rows: 0..<10, anchor: nil).total == 40)
    }

    @Test("words are sorted by relevance, everything else by evidence, unless a person chose")
    func automaticOrder() throws {
        #expect(NeuronQuery().order == .evidence)
        #expect(NeuronQuery(filter: try .parse("harbour")).order == .relevance)
        #expect(NeuronQuery(filter: try .parse("max>5")).order == .evidence)
        #expect(NeuronQuery(scope: .untagged).order == .score)
        #expect(NeuronQuery(filter: try .parse("harbour"), sort: .max).order == .max)
        #expect(!NeuronQuery(scope: .untagged).sorts.contains(.evidence))
    }

    @Test("saved filters are kept, listed, taken away and brought back")
    func savedQueries() async throws {
        let library = try library().0
        try await library.save(SavedQuery(name: "loud", text: "max>5"))
        try await library.save(SavedQuery(name: "loud", text: "max>9"))
        #expect(try await library.savedQueries() == [SavedQuery(name: "loud", text: "max>9")])
        try await library.removeQuery(named: "loud")
        #expect(try await library.savedQueries().isEmpty)
        #expect(try await library.undo() == "undid the saved query loud")
        #expect(try await library.savedQueries().count == 1)
        await #expect(throws: CatalogError.self) { try await library.removeQuery(named: "quiet") }
    }

    @Test("a model has the name that it has here, in the title and in what an SAE is of")
    func modelNames() async throws {
        let catalog = try library().1
        let named = CatalogLibrary(catalog, texts: Numbers(), modelNames: ["tiny": "tiny-7m.Q4"])
        let summary = try await named.summary()
        #expect(summary.modelName == "tiny-7m.Q4")
        #expect(summary.saes[0].provenance[0].hasSuffix("of tiny-7m.Q4"))
    }

    @Test("a page holds its stretch in order, and says where a kept neuron stands")
    func pages() async throws {
        let library = try library().0
        let query = NeuronQuery(sort: .max)
        let page = try await library.page(of: query, rows: 0..<10, anchor: key(3))
        #expect(page.total == 40)
        #expect(page.rows.map(\.key.index) == Array((30..<40).reversed()))
        #expect(page.anchor == 36)
        let next = try await library.page(of: query, rows: 10..<12, anchor: nil)
        #expect(next.rows.map(\.key.index) == [29, 28])
    }

    @Test("filters reach the catalog")
    func filters() async throws {
        let library = try library().0
        let filter = try FilterExpression.parse("max>10 max<20 dens<1.5")
        let found = try await library.page(of: NeuronQuery(filter: filter, sort: .id), rows: 0..<100, anchor: nil)
        #expect(found.rows.map(\.key.index) == Array(10...15))
        let words = try await library.page(of: NeuronQuery(filter: try .parse("word 12")), rows: 0..<10, anchor: nil)
        #expect(words.rows.map(\.label) == ["word 12"])
    }

    @Test("a profile has the texts of its tokens")
    func profile() async throws {
        let profile = try await library().0.profile(of: key(4))
        #expect(profile.contexts.first?.tokens == ["<2>", "<3>", "<4>"])
        #expect(profile.contexts.first?.peak == 1)
        #expect(profile.promoted == [NeuronProfile.TokenEffect(text: "<5>", value: 2)])
        #expect(profile.similar == [NeuronProfile.Neighbour(key: key(5), cosine: 0.5, label: "word 5")])
    }

    @Test("a neuron's categories stand with their share of pairs, strongest first, and leave room for its contexts")
    func manyTags() async throws {
        let (library, catalog) = try library()
        try catalog.updateDerived(sae: Self.sae) { writer in
            try writer.add([
                DerivedNeuron(
                    index: 3, statistics: NeuronStatistics(density: 0.1, maxActivation: 60),
                    tags: [
                        DerivedTag(slug: "violence.threat", source: .contrast, score: 0.4, pairs: 24),
                        DerivedTag(slug: "privacy", source: .contrast, score: 0.9, pairs: 24),
                    ])
            ])
        }
        let services = ExplorerServices(library: library, live: StubLive(), copy: { _ in "" })
        let state = ExplorerState(size: Size(width: 80, height: 24), theme: Themes.dark)
        let frame = await ExplorerReplay.run(keys: [], state: state, services: services).frame.plainText
        #expect(frame.contains("tags   Privacy .90  Threat .40"), "\(frame)")
        #expect(frame.contains("of pairs"), "\(frame)")
    }

    @Test("neurons are found by index and by both kinds of names; others are errors")
    func finding() async throws {
        let library = try library().0
        #expect(try await library.find("12", in: Self.sae) == key(12))
        #expect(try await library.find("14_12", in: nil) == key(12))
        #expect(try await library.find("\(Self.sae)/12", in: nil) == key(12))
        await #expect(throws: CatalogError.self) { try await library.find("64", in: Self.sae) }
        await #expect(throws: CatalogError.self) { try await library.find("nonsense", in: Self.sae) }
    }

    @Test("annotations are written, counted and undone step by step")
    func annotations() async throws {
        let library = try library().0
        try await library.setTag("violence.threat", on: [key(1), key(2)], isOn: true)
        try await library.setExplanation("mine", of: key(1))
        #expect(try await library.categories().nodes.first { $0.slug == "violence" }?.count == 2)
        #expect(try await library.profile(of: key(1)).explanations.first?.text == "mine")
        #expect(try await library.page(of: NeuronQuery(scope: .tagged), rows: 0..<9, anchor: nil).total == 2)
        #expect(try await library.labels(of: [key(1)])[key(1)]?.categories == ["violence.threat"])
        #expect(try await library.undo() == "undid the explanation of 14_1")
        #expect(try await library.undo() == "undid the tag “Threat” on 14_1 and 1 more change")
        #expect(try await library.undo() == nil)
        #expect(try await library.redo() == "did again: the tag “Threat” on 14_1 and 1 more change")
    }

    @Test("every neuron that is asked for has a label, if only an empty one")
    func labels() async throws {
        let labels = try await library().0.labels(of: [key(1), key(60)])
        #expect(labels[key(1)]?.text == "word 1")
        #expect(labels[key(60)] != nil)
    }

    @Test("exports hold what was selected, and no file is replaced", arguments: ExportRequest.Format.allCases)
    func export(_ format: ExportRequest.Format) async throws {
        let (library, catalog) = try library()
        try catalog.setExplanation("a, \"b\" | c\nd", of: .layered(layer: 14, index: 1))
        let path = NSTemporaryDirectory() + "topsail-export-\(UUID().uuidString).\(format.fileExtension)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let request = ExportRequest(format: format, path: path, selection: .neurons([key(1), key(2)]))
        #expect(try await library.export(request) == 2)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        switch format {
        case .csv: #expect(text.contains("14_1,tiny-14,1,14,\"a, \"\"b\"\" | c\nd\""))
        case .jsonl:
            let lines = try text.split(separator: "\n").map {
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
            let first = lines.compactMap { $0 }.first { $0["neuron"] as? String == "14_1" }
            #expect(first?["explanation"] as? String == "a, \"b\" | c\nd")
            #expect(first?["max"] as? Double == 1)
        case .markdown: #expect(text.contains("## 14\\_1\n") && text.contains("a, \"b\" \\| c"))
        case .html: #expect(text.contains("14_1") && text.contains("</html>") && !text.contains("<script"))
        }
        await #expect(throws: (any Error).self) { try await library.export(request) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
}
