import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Size and speed") struct ScaleTests {
    /// 5,760 neurons with ten contexts of 64 tokens each, written, read as a live table and measured.
    ///
    /// The ceilings are many times what the work takes on a quiet machine, so that only a change of kind breaks them.
    @Test("a whole SAE is written in seconds, read in a blink, and small")
    func wholeSAE() throws {
        let width = 5760
        let sample = try SampleCatalog(width: width)
        let documents = try sample.catalog.addDocuments(
            (0..<200).map { number in CorpusDocument(number: number, tokens: [TokenID](repeating: 5, count: 512)) },
            toCorpus: SampleCatalog.corpus)
        let before = try sample.catalog.summary().bytes
        let neurons = (0..<width).map { index -> DerivedNeuron in
            let contexts = PackingTests.contexts(10, length: 64, firing: 0.1, seed: UInt64(index)).map { context in
                NeuronContext(
                    documentID: documents[Int(context.documentID) % 200], start: context.start % 400,
                    activations: context.activations)
            }
            return DerivedNeuron(
                index: index,
                statistics: NeuronStatistics(
                    density: Double(index) / 6000, firedCount: index, maxActivation: 20, q999: 10, meanPositive: 3),
                histogram: ActivationHistogram(lowest: 0.01, ratio: 1.2, counts: (0..<40).map { UInt64($0 * index) }),
                contexts: contexts,
                logitEffects: LogitEffects(
                    top: (0..<10).map { TokenEffect(token: TokenID($0), value: 1) },
                    bottom: (0..<10).map { TokenEffect(token: TokenID($0), value: -1) }),
                similar: (0..<8).map { NeuronLink(index: ($0 + index) % width, value: 0.5) },
                explanations: [
                    NeuronExplanation(
                        source: "tokens", text: "fires on the words number \(index), harbour and rain",
                        scores: [ExplanationScore(scorer: "simulation", value: Double(index % 100) / 100)])
                ],
                tags: index % 10 == 0 ? [DerivedTag(slug: "violence.threat", source: .contrast, score: 0.5)] : [])
        }
        let clock = ContinuousClock()
        let writing = try clock.measure {
            try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
                for start in stride(from: 0, to: width, by: 1000) {
                    try writer.add(Array(neurons[start..<min(start + 1000, width)]))
                }
            }
        }
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { try $0.add(neurons) }
        func best(_ body: () throws -> Void) rethrows -> Duration {
            try (0..<5).map { _ in try clock.measure(body) }.min()!
        }
        let live = try best { _ = try sample.catalog.liveTable(sae: SampleCatalog.sae) }
        let page = try best {
            _ = try sample.catalog.neurons(matching: NeuronFilter(category: .slug("violence")), limit: 50, offset: 200)
        }
        let detail = try best { _ = try sample.catalog.neuron(.sample(77)) }
        let copy = sample.folder + "/copy.sqlite"
        try sample.catalog.backup(to: copy)
        let bytes = try Catalog(path: copy, mode: .readOnly).summary().bytes

        #expect(writing < .seconds(20))
        #expect(live < .milliseconds(300))
        #expect(page < .milliseconds(100))
        #expect(detail < .milliseconds(100))
        #expect((bytes - before) / width < 4096)
        #expect(try sample.catalog.check() == [])
    }
}
