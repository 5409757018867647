import Testing
import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailModel
import TopsailPipeline

@Suite("Building a catalog", .enabled(if: TinyModel.isThere, "needs the fixture gguf/llama-f32"))
struct CatalogBuildTests {
    private func build() throws -> (Catalog, CatalogBuild.Outcome, LanguageModel) {
        let model = try TinyModel.open()
        let texts = TinyModel.texts(60).enumerated().map { index, source in
            CorpusText(id: "\(index)", topic: source.topic, kind: .opening, text: source.text)
        }
        var build = CatalogBuild(
            model: model, corpusName: "tiny", texts: texts,
            members: [.init(sae: TinyModel.sae(for: model), isDefault: true)],
            pairs: [ContrastPair(concept: "c", present: "The cat sat by the door.", absent: "The cat sat by the hill.")]
        )
        build.collection.precision = .exact
        build.split = HeldOutSplit(fraction: 0.2)
        let catalog = try Catalog.temporary()
        return (catalog, try build.run(into: catalog)[0], model)
    }

    @Test("what is stored is what the SAE says about the stored tokens")
    func contexts() throws {
        let (catalog, outcome, model) = try build()
        #expect(outcome.summary.neurons == 48)
        #expect(outcome.metrics["l0"] == 4)
        let record = try catalog.sae(named: "tiny")
        #expect(record.collection?.corpus == "tiny")
        let live = try LiveEncoder(model, saes: [TinyModel.sae(for: model)], precision: .exact)
        var checked = 0
        for row in try catalog.neurons(matching: NeuronFilter(), sort: NeuronSort(.max)).prefix(6) {
            for context in try catalog.neuron(row.id).contexts {
                let document = try #require(try catalog.document(context.documentID))
                try live.read(document.tokens)
                #expect(context.tokens == Array(document.tokens[context.start..<context.start + context.tokens.count]))
                let position = context.start + context.maxPosition
                let value = live.features[0][position].first { Int($0.index) == row.index }?.value ?? 0
                // Stored to 1/255 of the neuron's largest activation.
                #expect(abs(value - context.max) <= (row.max ?? 0) / 200)
                checked += 1
            }
        }
        #expect(checked > 20)
    }

    @Test("densities add up to the active neurons a token")
    func densities() throws {
        let (catalog, _, _) = try build()
        let rows = try catalog.neurons(matching: NeuronFilter(), sort: NeuronSort(.id))
        let sum = rows.reduce(0) { $0 + ($1.density ?? 0) }
        // TopK keeps four, but lets go of those that are not positive.
        #expect(sum > 3.9 && sum <= 4.0001)
    }
}
