import Testing
import TopsailCore
import TopsailPipeline
import TopsailTestSupport

@Suite("Collecting over a corpus") struct NeuronCollectionTests {
    private static let neurons = 6
    private static let vocabulary = 20

    private func empty() -> NeuronCollection {
        NeuronCollection(
            dSAE: Self.neurons, plannedTokens: 1000, contexts: 4, vocabularySize: Self.vocabulary,
            topicNames: ["a", "b"])
    }

    /// Documents in which random neurons fire on random tokens, with few different activations.
    private func passages(seed: UInt64) -> [NeuronCollection.Passage] {
        var random = TopsailTestSupport.SeededGenerator(seed: seed)
        return (0..<30).map { document in
            let tokens = (0..<12).map { _ in TokenID.random(in: 0..<TokenID(Self.vocabulary), using: &random) }
            let features = (1..<12).map { _ in
                (0..<Int32(Self.neurons)).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
                    .map { ActiveFeature(index: $0, value: Float(Int.random(in: 1...4, using: &random)) / 2) }
            }
            return NeuronCollection.Passage(
                document: document, topic: document % 2, tokens: tokens, positions: 0..<12, counted: Array(1..<12),
                features: features)
        }
    }

    private func collect(_ passages: some Sequence<NeuronCollection.Passage>) -> NeuronCollection {
        var collection = empty()
        for passage in passages { collection.add(passage) }
        return collection
    }

    @Test("counts, sums, maxima and densities are those of a plain count")
    func counts() {
        let passages = passages(seed: 1)
        let collection = collect(passages)
        #expect(collection.counts.total == 30 * 11)
        for neuron in 0..<Self.neurons {
            let values = passages.flatMap { $0.features.joined() }.filter { Int($0.index) == neuron }.map(\.value)
            let tally = collection.neurons[neuron]
            #expect(tally.fired == values.count)
            #expect(tally.maximum == values.max())
            #expect(abs(tally.sum - values.reduce(0) { $0 + Double($1) }) < 1e-9)
            #expect(tally.histogram.reduce(0) { $0 + Int($1) } == values.count)
            #expect(abs(tally.topics.reduce(0, +) - tally.sum) < 1e-9)
            #expect(tally.atToken.entries.values.reduce(0) { $0 + $1.firings } == values.count)
            #expect(tally.afterToken.entries.values.reduce(0) { $0 + $1.firings } == values.count)
        }
    }

    @Test("contexts hold the neuron's activation on each of their tokens")
    func contexts() {
        let passages = passages(seed: 2)
        for (neuron, tally) in collect(passages).neurons.enumerated() {
            for context in tally.top.contexts {
                let passage = passages[context.document]
                #expect(context.activations[context.position - context.start] == context.value)
                for (offset, value) in context.activations.enumerated() {
                    let position = context.start + offset
                    let fired = position == 0 ? nil : passage.features[position - 1].first { Int($0.index) == neuron }
                    #expect(value == fired?.value ?? 0)
                }
            }
        }
    }

    @Test("shards merge to what one pass gives", arguments: 1...4)
    func merging(seed: UInt64) {
        let passages = passages(seed: seed)
        let whole = collect(passages)
        var merged = collect(passages[20...])
        merged.merge(collect(passages[..<7]))
        merged.merge(collect(passages[7..<20]))
        for (a, b) in zip(merged.neurons, whole.neurons) {
            #expect(a.fired == b.fired)
            #expect(a.top == b.top)
            #expect(a.bands == b.bands)
            #expect(a.tail.largest == b.tail.largest)
            #expect(a.histogram == b.histogram)
            #expect(a.atToken.entries == b.atToken.entries)
        }
    }
}
