import Foundation
import TopsailCatalog
import TopsailCore

/// A catalog of any size whose neurons are drawn by a fixed seed: explanations of ten words by Zipf's law, scores,
/// densities, tags on one in twelve, contexts on the first ones.
struct SyntheticCatalog {
    let catalog: Catalog
    let neurons: Int
    let withContexts: Int
    static let saes = 4
    static let contextLength = 64

    /// Writes the catalog into a folder of its own, which goes away with it.
    init(neurons: Int, withContexts: Int, taxonomy: Taxonomy) throws {
        self.neurons = neurons
        self.withContexts = withContexts
        catalog = try Catalog.temporary()
        try catalog.install(taxonomy)
        let slugs = taxonomy.domains.flatMap { $0.concepts.map(\.id) }
        let documents = try Self.addDocuments(to: catalog)
        let width = neurons / Self.saes
        for number in 0..<Self.saes {
            let name = Self.name(of: number)
            try catalog.register(
                SAERecord(
                    name: name, model: "synthetic", hook: HookPoint(.mlpOut, layer: number), architecture: "topk",
                    dIn: 576, dSAE: width, k: 32, isDefault: true))
            try catalog.replaceDerived(sae: name) { writer in
                for start in stride(from: 0, to: width, by: 2000) {
                    let chunk = start..<min(start + 2000, width)
                    try writer.add(
                        chunk.map { index in
                            let hasContexts = number * width + index < withContexts
                            return Self.neuron(index, of: number, slugs: slugs, documents: hasContexts ? documents : [])
                        })
                }
            }
        }
    }

    static func name(of sae: Int) -> String { "synthetic-\(sae)" }

    /// The word of a rank; word 0 is in most explanations, word 20,000 in hardly any.
    static func word(_ rank: Int) -> String { "w\(String(rank, radix: 36))x" }

    private static func addDocuments(to catalog: Catalog) throws -> [DocumentID] {
        var random = SeededGenerator(seed: 7)
        return try catalog.addDocuments(
            (0..<2000).map { number in
                CorpusDocument(number: number, tokens: (0..<512).map { _ in TokenID(random.below(49_152)) })
            }, toCorpus: "synthetic")
    }

    private static func neuron(_ index: Int, of sae: Int, slugs: [String], documents: [DocumentID]) -> DerivedNeuron {
        var random = SeededGenerator(seed: UInt64(sae) << 32 | UInt64(index))
        let words = (0..<10).map { _ in word(random.zipf(20_000)) }.joined(separator: " ")
        let score = Double(random.below(2_000_001)) / 1e6 - 1
        let tag = random.below(12) == 0 ? [slugs[random.below(slugs.count)]] : []
        let contexts =
            documents.isEmpty
            ? []
            : (0..<10).map { _ in
                NeuronContext(
                    documentID: documents[random.below(documents.count)], start: random.below(512 - contextLength),
                    activations: (0..<contextLength).map { _ in
                        random.below(10) == 0 ? Float(random.below(1000) + 1) / 100 : 0
                    })
            }
        return DerivedNeuron(
            index: index,
            statistics: NeuronStatistics(
                density: Double(random.below(1_000_000)) / 1e7, firedCount: random.below(100_000),
                maxActivation: Float(random.below(1_000_000)) / 1e4, q999: 1, meanPositive: 1),
            contexts: contexts,
            explanations: [
                NeuronExplanation(
                    source: "tokens", text: words, scores: [ExplanationScore(scorer: "simulation", value: score)])
            ],
            tags: tag.map { DerivedTag(slug: $0, source: .contrast, score: 0.8) })
    }
}

extension SeededGenerator {
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// A rank below `limit`, roughly as frequent as its inverse.
    mutating func zipf(_ limit: Int) -> Int { min(Int(pow(Double(limit), nextUnit())) - 1, limit - 1) }
}
