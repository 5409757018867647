import TopsailCore

/// Finds texts near those that a neuron fires in where it is silent, so that an explainer sees what does not matter.
public struct SilentExcerpts {
    private let corpus: CorpusActivations
    private let text: (TokenID) -> String
    /// Tokens of an excerpt.
    private let length: Int

    /// - Parameter text: What a token says.
    public init(_ corpus: CorpusActivations, length: Int = 33, text: @escaping (TokenID) -> String) {
        self.corpus = corpus
        self.length = length
        self.text = text
    }

    /// Excerpts of documents on which the neuron does not fire at all, those on the same topics first, then those of the
    /// same domains. Which ones depends on the neuron and the documents alone.
    ///
    /// - Parameter topics: Of the texts that it fires in.
    public func excerpts(neuron: Int, near topics: Set<String>, limit: Int) -> [NeuronEvidence.Excerpt] {
        let loud = Set(corpus.firings(of: neuron).map(\.document))
        let domains = Set(topics.map(Self.domain))
        func distance(_ topic: String) -> Int {
            topics.contains(topic) ? 0 : (domains.contains(Self.domain(topic)) ? 1 : 2)
        }
        var candidates: [Candidate] = []
        for document in corpus.documents.indices.filter({ !loud.contains($0) }).map({ corpus.documents[$0] }) {
            guard let run = document.runs.max(by: { $0.count < $1.count }) else { continue }
            let hash = StableHash.combine(UInt64(neuron), UInt64(document.number))
            let start = run.lowerBound + Int(hash % UInt64(max(run.count - length, 0) + 1))
            candidates.append(
                Candidate(
                    document: document, range: start..<min(start + length, run.upperBound),
                    distance: distance(document.topic), hash: hash))
        }
        return candidates.sorted { ($0.distance, $0.hash) < ($1.distance, $1.hash) }.prefix(limit)
            .map { excerpt($0.document, $0.range) }
    }

    private struct Candidate {
        var document: CorpusActivations.Document
        var range: Range<Int>
        /// How far its topic is from the neuron's.
        var distance: Int
        var hash: UInt64
    }

    private func excerpt(_ document: CorpusActivations.Document, _ range: Range<Int>) -> NeuronEvidence.Excerpt {
        NeuronEvidence.Excerpt(
            texts: document.tokens[range].map(text), activations: Array(repeating: 0, count: range.count),
            topic: document.topic)
    }

    private static func domain(_ topic: String) -> String { String(topic.prefix { $0 != "." }) }
}
