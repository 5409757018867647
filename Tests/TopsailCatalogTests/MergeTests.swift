import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Merging catalogs") struct MergeTests {
    /// A catalog with one document (under another id in each) and the given neurons of one SAE.
    private func make(
        _ neurons: [Int], max: Float, explanation: String, firstDocuments: Int = 0, sae: String = SampleCatalog.sae,
        layer: Int = 14
    ) throws -> SampleCatalog {
        let sample = try SampleCatalog()
        if sae != SampleCatalog.sae {
            try sample.catalog.register(SampleCatalog.record(name: sae, layer: layer, width: 32, isDefault: true))
        }
        for number in 0..<firstDocuments { try sample.addDocument(number: 100 + number) }
        let document = try sample.addDocument()
        try sample.catalog.replaceDerived(sae: sae) { writer in
            try writer.add(
                neurons.map { index in
                    DerivedNeuron(
                        index: index, statistics: NeuronStatistics(density: 0.5, maxActivation: max),
                        contexts: [NeuronContext(documentID: document, start: index, activations: [0, max, max / 2])],
                        explanations: [
                            NeuronExplanation(
                                source: "tokens", text: explanation,
                                scores: [ExplanationScore(scorer: "simulation", value: Double(max) / 10)])
                        ],
                        tags: [DerivedTag(slug: "violence.threat", source: .contrast, score: 0.5)])
                })
        }
        return sample
    }

    @Test("neurons that are missing are added with their contexts; those on both sides stay as they are here")
    func derived() throws {
        let ours = try make([0, 1], max: 2, explanation: "ours")
        let theirs = try make([1, 2], max: 4, explanation: "theirs", firstDocuments: 3)
        let version = try ours.catalog.version()
        let report = try ours.catalog.merge([theirs.path])
        // Pages that others have open are read again.
        #expect(try ours.catalog.version() > version)
        #expect(report.parts.map(\.neurons) == [1] && report.parts.map(\.documents) == [3])
        #expect(report.parts.map(\.explanations) == [1] && report.parts.map(\.scores) == [1])
        #expect(report.parts.map(\.derivedTags) == [1] && report.conflicts == [])
        #expect(try ours.catalog.neurons(sort: NeuronSort(.id)).map(\.explanation) == ["ours", "ours", "theirs"])
        #expect(try ours.catalog.neurons(sort: NeuronSort(.id)).map(\.max) == [2, 2, 4])
        let context = try #require(try ours.catalog.neuron(.sample(2)).contexts.first)
        // Token i of the sample's document is 3 i, and this context starts at 2.
        #expect(context.tokens == [6, 9, 12] && context.activations[1] == 4 && context.corpus == "stories")
        #expect(try ours.catalog.categories()["violence"]?.total == 3)
        #expect(try ours.catalog.summary().neurons == 3)
        #expect(try ours.catalog.check() == [])

        let log = try ours.catalog.log()
        let values = try ours.catalog.derivedValues()
        #expect(try ours.catalog.merge([theirs.path]).changed == false)
        #expect(try ours.catalog.log() == log && ours.catalog.derivedValues() == values)
    }

    @Test("theirs can be preferred, and then merging again changes nothing either")
    func preferTheirs() throws {
        let ours = try make([0, 1], max: 2, explanation: "ours")
        let theirs = try make([1, 2], max: 4, explanation: "theirs")
        #expect(try ours.catalog.merge([theirs.path], prefer: .theirs).parts.map(\.neurons) == [2])
        let rows = try ours.catalog.neurons(sort: NeuronSort(.id))
        #expect(rows.map(\.explanation) == ["ours", "theirs", "theirs"] && rows.map(\.max) == [2, 4, 4])
        #expect(rows.map(\.correlationScore) == [0.2, 0.4, 0.4])
        #expect(try ours.catalog.neuron(.sample(1)).contexts.map(\.max) == [4])
        #expect(try ours.catalog.merge([theirs.path], prefer: .theirs).changed == false)
        #expect(try ours.catalog.check() == [])
    }

    @Test("SAEs that are not here come along, and several parts are merged at once")
    func severalParts() throws {
        let ours = try make([0], max: 2, explanation: "ours")
        let parts = try [
            make([1], max: 3, explanation: "one", sae: "tiny-15", layer: 15), make([2], max: 4, explanation: "two"),
        ]
        // A sample's file goes away with it.
        let report = try withExtendedLifetime(parts) { try ours.catalog.merge(parts.map(\.path)) }
        #expect(report.parts.map(\.saes) == [1, 0] && report.parts.map(\.neurons) == [1, 1])
        #expect(try ours.catalog.neuron(.layered(layer: 15, index: 1)).row.explanation == "one")
        #expect(try ours.catalog.neuron(.sample(2)).row.explanation == "two")
        #expect(try ours.catalog.saes().map(\.neuronCount) == [2, 1])
        #expect(try ours.catalog.check() == [])
    }

    @Test("an SAE of the same name that is another one stops everything, in words")
    func otherSAE() throws {
        let ours = try make([0], max: 2, explanation: "ours")
        let fine = try make([1], max: 2, explanation: "fine")
        let wide = try SampleCatalog(width: 64)
        let error = #expect(throws: CatalogError.self) { try ours.catalog.merge([fine.path, wide.path]) }
        #expect(error?.description.contains("d_sae 64, the one here 32") == true, "\(String(describing: error))")
        #expect(error?.description.contains(wide.path) == true)
        #expect(try ours.catalog.summary().neurons == 1)
    }

    @Test("documents of the same number that say something else are kept apart, once")
    func otherDocuments() throws {
        let ours = try make([0], max: 2, explanation: "ours")
        let theirs = try SampleCatalog()
        let document = try theirs.catalog.addDocuments(
            [CorpusDocument(number: 0, tokens: [9, 8, 7])], toCorpus: "stories")[0]
        try theirs.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add([
                DerivedNeuron(index: 5, contexts: [NeuronContext(documentID: document, start: 0, activations: [0, 1])])
            ])
        }
        for round in 1...2 {
            #expect(try ours.catalog.merge([theirs.path]).changed == (round == 1))
            #expect(try ours.catalog.corpora().map(\.name) == ["stories", "stories (2)"])
            let context = try #require(try ours.catalog.neuron(.sample(5)).contexts.first)
            #expect(context.tokens == [9, 8] && context.corpus == "stories (2)")
        }
    }

    @Test("texts that bring their own tokens find each other")
    func texts() throws {
        func make(_ texts: [[String]], neuron: Int) throws -> SampleCatalog {
            let sample = try SampleCatalog()
            let documents = try sample.catalog.addTexts(texts.map { TextDocument(tokens: $0) }, toCorpus: "imported")
            try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
                let context = NeuronContext(documentID: documents.last!, start: 0, activations: [0, 1])
                try writer.add([DerivedNeuron(index: neuron, contexts: [context])])
            }
            return sample
        }
        let ours = try make([["the", " rain"], ["a", " duel"]], neuron: 0)
        let theirs = try make([["a", " duel"], [" duel", "the"]], neuron: 1)
        let report = try ours.catalog.merge([theirs.path])
        #expect(report.parts.map(\.documents) == [1])
        #expect(try ours.catalog.neuron(.sample(1)).contexts.first?.texts == [" duel", "the"])
        #expect(try ours.catalog.neuron(.sample(0)).contexts.first?.texts == ["a", " duel"])
        #expect(try ours.catalog.merge([theirs.path]).changed == false)
    }

    @Test("a person's work is united as one step; what differs stays ours and is told")
    func people() throws {
        let ours = try make([0], max: 2, explanation: "ours")
        let theirs = try make([0], max: 2, explanation: "ours")
        try ours.catalog.setNote("mine", of: .sample(0))
        try ours.catalog.createList("odd", description: "mine")
        let before = try ours.catalog.log().count
        let catalog = theirs.catalog
        try catalog.setNote("yours", of: .sample(0))
        try catalog.setRating(5, of: .sample(0))
        try catalog.setExplanation("weather", of: .sample(7))
        try catalog.updateDerived(sae: SampleCatalog.sae) { writer in
            try writer.addScores([7: ExplanationScore(scorer: "simulation", value: 0.5)], forSource: "human")
        }
        try catalog.addCategory(OwnCategory(slug: "fraud", label: "Fraud"))
        try catalog.addCategory(OwnCategory(slug: "fraud.romance", label: "Romance", parent: "fraud"))
        try catalog.addTag("fraud.romance", to: .sample(3))
        try catalog.updateDerived(sae: SampleCatalog.sae) { writer in
            try writer.addTags([4: [DerivedTag(slug: "fraud.romance", source: .imported)]])
        }
        try catalog.createList("odd", description: "yours")
        try catalog.createList("even")
        try catalog.add([.sample(2), .sample(4)], toList: "even")
        try catalog.add([.sample(1)], toList: "odd")

        let report = try ours.catalog.merge([theirs.path])
        #expect(report.conflicts.map(\.subject) == ["note on 14_0", "description of the list odd"])
        #expect(
            report.conflicts.map(\.ours) == ["mine", "mine"] && report.conflicts.map(\.theirs) == ["yours", "yours"])
        #expect(report.parts.map(\.annotations) == [9])
        #expect(try ours.catalog.log().count == before + 1)
        #expect(try ours.catalog.neuron(.sample(0)).note == "mine")
        #expect(try ours.catalog.neuron(.sample(0)).rating == 5)
        #expect(try ours.catalog.neuron(.sample(7)).row.correlationScore == 0.5)
        #expect(try ours.catalog.categories()["fraud"]?.total == 2)
        #expect(try ours.catalog.lists().map(\.count) == [2, 1])
        #expect(try ours.catalog.check() == [])
        #expect(try ours.catalog.merge([theirs.path]).changed == false)
        #expect(try ours.catalog.log().count == before + 1)

        try ours.catalog.undo()
        #expect(try ours.catalog.neuron(.sample(0)).rating == nil)
        #expect(try ours.catalog.ownCategories() == [])
        #expect(try ours.catalog.lists().map(\.name) == ["odd"])
        #expect(try ours.catalog.check() == [])
        try ours.catalog.redo()
        #expect(try ours.catalog.lists().map(\.count) == [2, 1])
        #expect(try ours.catalog.check() == [])
    }

    @Test(
        "a part that is no catalog, is damaged or newer is named, and nothing changes",
        arguments: ["text", "newer", "cut", "none"])
    func badParts(kind: String) throws {
        let ours = try make([0], max: 2, explanation: "ours")
        let theirs = try make([1], max: 2, explanation: "theirs")
        let path = theirs.folder + "/part.sqlite"
        if kind == "newer" { try theirs.catalog.execute(sql: "INSERT INTO grdb_migrations VALUES ('99999')") }
        try theirs.catalog.backup(to: path)
        if kind == "text" {
            try Data(String(repeating: "text ", count: 100).utf8).write(to: URL(fileURLWithPath: path))
        }
        if kind == "none" { try FileManager.default.removeItem(atPath: path) }
        if kind == "cut" {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: path))
        }
        let values = try ours.catalog.derivedValues()
        let error = #expect(throws: CatalogError.self) { try ours.catalog.merge([path]) }
        #expect(error?.description.contains(path) == true, "\(String(describing: error))")
        #expect(try ours.catalog.derivedValues() == values && ours.catalog.log() == [])
    }
}
