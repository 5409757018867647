import Foundation
import TopsailCatalog
import TopsailCore

/// A catalog of any size whose neurons are drawn by a fixed seed: explanations of ten words by Zipf's law, scores,
/// densities, tags on one in twelve, all imported from JSON Lines; contexts on the first ones.
struct SyntheticCatalog {
    let catalog: Catalog
    let neurons: Int
    let withContexts: Int
    /// The lines that were imported.
    let lines: String
    static let saes = 4
    static let contextLength = 64

    /// An empty catalog, and the lines to be imported, in a folder of their own.
    init(neurons: Int, withContexts: Int, taxonomy: Taxonomy) throws {
        self.neurons = neurons
        self.withContexts = withContexts
        catalog = try Catalog.temporary()
        lines = URL(filePath: catalog.path).deletingLastPathComponent().appending(path: "neurons.jsonl").path
        try catalog.install(taxonomy)
        for number in 0..<Self.saes {
            try catalog.register(
                SAERecord(
                    name: Self.name(of: number), model: "synthetic", hook: HookPoint(.mlpOut, layer: number),
                    architecture: "topk", dIn: 576, dSAE: neurons / Self.saes, k: 32, isDefault: true))
        }
        try writeLines(slugs: taxonomy.domains.flatMap { $0.concepts.map(\.id) })
    }

    static func name(of sae: Int) -> String { "synthetic-\(sae)" }

    /// The word of a rank; word 0 is in most explanations, word 20,000 in hardly any.
    static func word(_ rank: Int) -> String { "w\(String(rank, radix: 36))x" }

    // MARK: Lines

    private func writeLines(slugs: [String]) throws {
        try Data().write(to: URL(filePath: lines))
        let file = try FileHandle(forWritingTo: URL(filePath: lines))
        defer { try? file.close() }
        for sae in 0..<Self.saes {
            for start in stride(from: 0, to: neurons / Self.saes, by: 5000) {
                let chunk = start..<min(start + 5000, neurons / Self.saes)
                let text = chunk.map { Self.line($0, of: sae, slugs: slugs) }.joined()
                try file.write(contentsOf: Data(text.utf8))
            }
        }
    }

    private static func line(_ index: Int, of sae: Int, slugs: [String]) -> String {
        let neuron = SyntheticNeuron(index, of: sae)
        let tag = neuron.tag.map { "\"\(slugs[$0 % slugs.count])\"" } ?? ""
        return """
            {"sae":"\(name(of: sae))","layer":\(sae),"index":\(index),"explanation":"\(neuron.words)",\
            "correlation_score":\(neuron.score),"tags":[\(tag)],"density":\(neuron.density),"max":\(neuron.largest)}

            """
    }

    // MARK: Contexts

    /// Gives the first neurons ten contexts each.
    func addContexts() throws {
        let documents = try addDocuments()
        try catalog.updateDerived(sae: Self.name(of: 0)) { writer in
            for start in stride(from: 0, to: min(withContexts, neurons / Self.saes), by: 2000) {
                let chunk = start..<min(start + 2000, withContexts)
                try writer.add(chunk.map { Self.withContexts($0, in: documents) })
            }
        }
    }

    private func addDocuments() throws -> [DocumentID] {
        var random = SeededGenerator(seed: 7)
        return try catalog.addDocuments(
            (0..<2000).map { number in
                CorpusDocument(number: number, tokens: (0..<512).map { _ in TokenID(random.below(49_152)) })
            }, toCorpus: "synthetic")
    }

    private static func withContexts(_ index: Int, in documents: [DocumentID]) -> DerivedNeuron {
        let neuron = SyntheticNeuron(index, of: 0)
        var random = SeededGenerator(seed: 1 << 40 | UInt64(index))
        return DerivedNeuron(
            index: index,
            statistics: NeuronStatistics(density: neuron.density, maxActivation: Float(neuron.largest)),
            contexts: (0..<10).map { _ in
                NeuronContext(
                    documentID: documents[random.below(documents.count)], start: random.below(512 - contextLength),
                    activations: (0..<contextLength).map { _ in
                        random.below(10) == 0 ? Float(random.below(1000) + 1) / 100 : 0
                    })
            })
    }
}

/// What is said about one neuron, the same every time.
private struct SyntheticNeuron {
    let words: String
    let score: Double
    let density: Double
    let largest: Double
    /// A number that stands for a tag, or none.
    let tag: Int?

    init(_ index: Int, of sae: Int) {
        var random = SeededGenerator(seed: UInt64(sae) << 32 | UInt64(index))
        words = (0..<10).map { _ in SyntheticCatalog.word(random.zipf(20_000)) }.joined(separator: " ")
        score = Double(random.below(2_000_001)) / 1e6 - 1
        density = Double(random.below(1_000_000)) / 1e7
        largest = Double(random.below(1_000_000)) / 1e4
        tag = random.below(12) == 0 ? random.below(1 << 20) : nil
    }
}

extension SeededGenerator {
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// A rank below `limit`, roughly as frequent as its inverse.
    mutating func zipf(_ limit: Int) -> Int { min(Int(pow(Double(limit), nextUnit())) - 1, limit - 1) }
}
