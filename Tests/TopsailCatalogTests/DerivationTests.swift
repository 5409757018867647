import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Deriving") struct DerivationTests {
    /// A neuron with something in every field.
    static func full(_ index: Int, document: DocumentID) -> DerivedNeuron {
        DerivedNeuron(
            index: index,
            statistics: NeuronStatistics(
                density: 0.0125, firedCount: 51, maxActivation: 9.5, q999: 6.25, meanPositive: 2.5),
            histogram: ActivationHistogram(lowest: 0.125, ratio: 2, counts: [30, 11, 7, 0, 2, 300]),
            contexts: [
                NeuronContext(documentID: document, start: 10, activations: [0, 0, 9.5, 0]),
                NeuronContext(documentID: document, start: 100, activations: [1, 0, 0], band: 3),
            ],
            logitEffects: LogitEffects(
                top: [TokenEffect(token: 42, value: 1.5), TokenEffect(token: 7, value: 1.1)],
                bottom: [TokenEffect(token: 3, value: -0.7)]),
            similar: [NeuronLink(index: index + 1, value: 0.75)], coactive: [NeuronLink(index: index + 2, value: 0.3)],
            explanations: [
                NeuronExplanation(
                    source: "tokens", text: "weather words", details: "top tokens",
                    scores: [ExplanationScore(scorer: "simulation", value: 0.4, samples: 640, low: 0.3, high: 0.5)])
            ],
            tags: [DerivedTag(slug: "violence.threat", source: .contrast, score: 0.8, effect: 1.25, pairs: 40)])
    }

    @Test("everything about a neuron comes back")
    func roundTrip() throws {
        let sample = try SampleCatalog()
        let document = try sample.addDocument()
        let neuron = Self.full(2, document: document)
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { try $0.add([neuron]) }

        let detail = try sample.catalog.neuron(.sample(2))
        #expect(detail.statistics == neuron.statistics)
        #expect(detail.histogram == neuron.histogram)
        #expect(detail.logitEffects == neuron.logitEffects)
        #expect(detail.explanations == neuron.explanations)
        #expect(detail.similar.map(\.id) == [.sample(3)])
        #expect(detail.similar.map(\.value) == [0.75])
        #expect(detail.coactive.map(\.id) == [.sample(4)])
        #expect(detail.tags.map(\.evidence) == [neuron.tags])
        #expect(detail.sae.collection?.countedTokens == 4096)

        let context = try #require(detail.contexts.first)
        #expect(context.tokens == [30, 33, 36, 39])
        #expect(context.activations == [0, 0, 9.5, 0])
        #expect((context.max, context.maxPosition, context.corpus, context.topic) == (9.5, 2, "stories", "weather"))
        #expect(detail.contexts[1].band == 3)

        #expect(detail.row.explanation == "weather words")
        #expect(detail.row.explanationSource == "tokens")
        #expect(detail.row.correlationScore == 0.4)
        #expect(detail.row.tags == ["violence.threat"])
    }

    @Test("deriving again replaces what machines said and keeps what a person did")
    func keepsAPersonsWork() throws {
        let sample = try SampleCatalog()
        let catalog = sample.catalog
        let document = try sample.addDocument()
        try catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add((0..<4).map { Self.full($0, document: document) })
        }
        try catalog.createList("keep")
        try catalog.addTag("privacy.doxxing", to: .sample(0))
        try catalog.removeTag("violence.threat", from: .sample(1))
        try catalog.setExplanation("my words", of: .sample(2))
        try catalog.setNote("my note", of: .sample(3))
        try catalog.add([.sample(3)], toList: "keep")

        // The second time no neuron but 1 is there.
        let again = DerivedNeuron(
            index: 1, statistics: NeuronStatistics(density: 0.5),
            explanations: [NeuronExplanation(source: "tokens", text: "new words")],
            tags: [
                DerivedTag(slug: "violence.threat", source: .contrast),
                DerivedTag(slug: "violence.injury", source: .contrast),
            ])
        try catalog.replaceDerived(sae: SampleCatalog.sae) { try $0.add([again]) }

        #expect(try catalog.neuron(.sample(0)).row.tags == ["privacy.doxxing"])
        #expect(try catalog.neuron(.sample(0)).statistics == NeuronStatistics())
        #expect(try catalog.neuron(.sample(1)).row.tags == ["violence.injury"])
        #expect(try catalog.neuron(.sample(1)).tags.first { $0.slug == "violence.threat" }?.isRejected == true)
        #expect(try catalog.neuron(.sample(1)).row.explanation == "new words")
        #expect(try catalog.neuron(.sample(2)).row.explanation == "my words")
        #expect(try catalog.neuron(.sample(3)).note == "my note")
        #expect(try catalog.neuron(.sample(3)).lists == ["keep"])
        #expect(try catalog.count() == 4)
        #expect(try catalog.saes()[0].neuronCount == 4)
        #expect(try catalog.log().count == 6)
        #expect(try catalog.neurons(matching: NeuronFilter(search: "weather")).isEmpty)
    }

    @Test("a step that fails half-way leaves everything as it was")
    func rollsBack() throws {
        struct Stop: Error {}
        let sample = try SampleCatalog()
        let document = try sample.addDocument()
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { try $0.add([Self.full(0, document: document)]) }
        let before = try sample.catalog.neuron(.sample(0))
        #expect(throws: Stop.self) {
            try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
                try writer.add([DerivedNeuron(index: 5)])
                throw Stop()
            }
        }
        #expect(try sample.catalog.neuron(.sample(0)) == before)
        #expect(try sample.catalog.count() == 1)
    }

    @Test("stages add their part and take only their own part back")
    func stages() throws {
        let sample = try SampleCatalog()
        let catalog = sample.catalog
        let document = try sample.addDocument()
        try catalog.replaceDerived(sae: SampleCatalog.sae) { try $0.add([Self.full(0, document: document)]) }
        try catalog.updateDerived(sae: SampleCatalog.sae) { writer in
            try writer.addExplanations([
                0: NeuronExplanation(source: "model", text: "storms"), 9: .init(source: "model", text: "x"),
            ])
            try writer.addScores([0: ExplanationScore(scorer: "segment", value: 0.6)], forSource: "model")
            try writer.addTags([0: [DerivedTag(slug: "privacy", source: .imported)]])
            try writer.setSimilar([0: [NeuronLink(index: 9, value: 0.9)]])
            try writer.setLogitEffects([0: LogitEffects(top: [TokenEffect(token: 1, value: 2)])])
        }
        var detail = try catalog.neuron(.sample(0))
        #expect(detail.row.explanation == "storms")
        #expect(detail.row.correlationScore == 0.6)
        #expect(detail.explanations.map(\.source) == ["model", "tokens"])
        #expect(detail.row.tags == ["violence.threat", "privacy"])
        #expect(detail.similar.map(\.explanation) == ["x"])
        #expect(detail.logitEffects == LogitEffects(top: [TokenEffect(token: 1, value: 2)]))
        #expect(detail.contexts.count == 2)

        try catalog.updateDerived(sae: SampleCatalog.sae) { writer in
            try writer.removeExplanations(source: "model")
            try writer.removeTags(source: .contrast)
        }
        detail = try catalog.neuron(.sample(0))
        #expect(detail.row.explanation == "weather words")
        #expect(detail.row.tags == ["privacy"])
        #expect(try catalog.categories()["violence"]?.total == 0)
    }

    @Test("a score without words is kept, and words come first")
    func scoreWithoutText() throws {
        let sample = try SampleCatalog()
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            let scored = NeuronExplanation(
                source: "import", text: nil, scores: [ExplanationScore(scorer: "segment", value: 0.7)])
            try writer.add([
                DerivedNeuron(index: 0, explanations: [scored]),
                DerivedNeuron(index: 1, explanations: [scored, NeuronExplanation(source: "tokens", text: "words")]),
            ])
        }
        #expect(try sample.catalog.neuron(.sample(0)).row.explanation == nil)
        #expect(try sample.catalog.neuron(.sample(0)).row.correlationScore == 0.7)
        #expect(try sample.catalog.neuron(.sample(1)).row.explanation == "words")
    }

    @Test("impossible values are refused by name")
    func refusesNonsense() throws {
        let sample = try SampleCatalog()
        let document = try sample.addDocument()
        func problem(_ neuron: DerivedNeuron) -> String? {
            do {
                try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { try $0.add([neuron]) }
                return nil
            } catch {
                return "\(error)"
            }
        }
        func context(_ start: Int, _ count: Int, in document: DocumentID) -> DerivedNeuron {
            let activations = [Float](repeating: 1, count: count)
            return DerivedNeuron(
                index: 1, contexts: [NeuronContext(documentID: document, start: start, activations: activations)])
        }
        #expect(problem(DerivedNeuron(index: 32))?.contains("0 … 31") == true)
        #expect(problem(DerivedNeuron(index: -1)) != nil)
        #expect(
            problem(DerivedNeuron(index: 1, statistics: NeuronStatistics(q999: .nan)))?.contains("tiny-14/1") == true)
        #expect(problem(context(250, 6, in: document)) == nil)
        #expect(problem(context(250, 7, in: document))?.contains("which has 256 tokens") == true)
        #expect(problem(context(0, 1, in: 999))?.contains("which is not stored") == true)
        #expect(problem(context(.max, 2, in: document)) != nil)
        #expect(problem(context(0, 0, in: document)) != nil)
        #expect(problem(DerivedNeuron(index: 1, tags: [DerivedTag(slug: "violence", source: .human)])) != nil)
        #expect(
            problem(DerivedNeuron(index: 1, tags: [DerivedTag(slug: "nope", source: .contrast)]))?.contains("nope")
                == true)
        #expect(problem(DerivedNeuron(index: 1, explanations: [NeuronExplanation(source: "human", text: "no")])) != nil)
        let flat = ActivationHistogram(lowest: 1, ratio: 1, counts: [1])
        #expect(problem(DerivedNeuron(index: 1, histogram: flat)) != nil)
    }

    @Test("an SAE with neurons does not change its width, and a default takes its layer's place")
    func registration() throws {
        let sample = try SampleCatalog()
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { try $0.add([DerivedNeuron(index: 0)]) }
        #expect(throws: CatalogError.self) {
            try sample.catalog.register(SampleCatalog.record(name: SampleCatalog.sae, layer: 14, width: 64))
        }
        try sample.catalog.register(SampleCatalog.record(name: "other", layer: 14, width: 64, isDefault: true))
        #expect(try sample.catalog.neuronID("14_40") == .sample(40))
        #expect(try sample.catalog.neuron(.sample(40)).row.sae == "other")
        #expect(try sample.catalog.neuronID("tiny-14/0") == .named(sae: "tiny-14", index: 0))
    }

    @Test("documents keep their id when they are added again")
    func documents() throws {
        let sample = try SampleCatalog()
        let id = try sample.addDocument(number: 3)
        #expect(try sample.addDocument(number: 3) == id)
        #expect(try sample.catalog.document(id)?.tokens.count == SampleCatalog.corpusLength)
        #expect(try sample.catalog.document(id + 1) == nil)
        #expect(try sample.catalog.corpora().map(\.documents) == [1])
    }
}
