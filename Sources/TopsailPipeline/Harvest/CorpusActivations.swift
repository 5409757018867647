import TopsailAnalysis
import TopsailCore
import TopsailModel
import TopsailSAE

/// What the neurons of one SAE did on every counted token of some documents.
public struct CorpusActivations: Sendable {
    /// A neuron that fired on a token.
    package struct Firing: Sendable, Hashable {
        /// Index in `documents`.
        package var document: Int
        /// Position in the document.
        package var position: Int
        package var value: Float

        package init(document: Int, position: Int, value: Float) {
            self.document = document
            self.position = position
            self.value = value
        }
    }

    package struct Document: Sendable, Hashable {
        /// Place in the corpus.
        package var number: Int
        package var topic: String
        package var tokens: [TokenID]
        /// Runs of counted tokens: no window reaches over what stands between them.
        package var runs: [Range<Int>]

        package init(number: Int, topic: String, tokens: [TokenID], runs: [Range<Int>]) {
            self.number = number
            self.topic = topic
            self.tokens = tokens
            self.runs = runs
        }

        package func run(holding position: Int) -> Range<Int>? { runs.first { $0.contains(position) } }
    }

    package let documents: [Document]
    /// By neuron, in the order of documents and positions.
    private let firings: [Int: [Firing]]

    package init(documents: [Document], firings: [Int: [Firing]]) {
        self.documents = documents
        self.firings = firings
    }

    package func firings(of neuron: Int) -> [Firing] { firings[neuron] ?? [] }

    /// The neuron's activation on each token of a stretch.
    package func activations(of neuron: Int, document: Int, in range: Range<Int>) -> [Float] {
        var values = [Float](repeating: 0, count: range.count)
        for firing in firings(of: neuron) where firing.document == document && range.contains(firing.position) {
            values[firing.position - range.lowerBound] = firing.value
        }
        return values
    }
}

extension CorpusActivations {
    /// Reads documents once with the model and the SAE.
    ///
    /// - Throws: `AnalysisError` when the SAE does not fit the model; what reading throws.
    public static func read(
        _ documents: [CorpusReading], model: LanguageModel, sae: any SparseAutoencoder, hook: HookPoint? = nil,
        precision: Precision = .fast, contextLength: Int = 512, isCancelled: () -> Bool = { false },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> CorpusActivations {
        let hook = try SAEFit.hook(of: sae, in: model, override: hook)
        let reader = ContextReader(model, precision: precision, contextLength: contextLength)
        var firings: [Int: [Firing]] = [:]
        var runs = [[Range<Int>]](repeating: [], count: documents.count)
        try reader.read(documents.map(\.text.tokens), hooks: [hook], isCancelled: isCancelled) { context in
            let features = sae.encode(context.values, tokens: context.positions.count)
            for position in documents[context.text].counted(in: context.positions) {
                runs[context.text].append(position..<position + 1)
                for feature in features[position - context.positions.lowerBound] where feature.value > 0 {
                    firings[Int(feature.index), default: []].append(
                        Firing(document: context.text, position: position, value: feature.value))
                }
            }
            progress(context.text, documents.count)
        }
        return CorpusActivations(
            documents: documents.indices.map { index in
                Document(
                    number: documents[index].number, topic: documents[index].topic,
                    tokens: documents[index].text.tokens, runs: joined(runs[index]))
            }, firings: firings)
    }

    /// Neighbouring positions as one run.
    private static func joined(_ positions: [Range<Int>]) -> [Range<Int>] {
        positions.reduce(into: []) { runs, next in
            if let last = runs.last, last.upperBound == next.lowerBound {
                runs[runs.count - 1] = last.lowerBound..<next.upperBound
            } else {
                runs.append(next)
            }
        }
    }
}
