import TopsailAnalysis
import TopsailCatalog
import TopsailModel
import TopsailSAE

/// Counts: words, neighbours, topics and promoted tokens, over a whole corpus. Its tables of expected activations are
/// what it can be scored by.
public final class StatisticalExplainer: NeuronExplainer {
    public let source = "tokens"
    private let explained: TokenExplanations

    /// Reads the corpus once.
    ///
    /// - Throws: What `CollectionRun` throws.
    public init(
        _ documents: [CorpusReading], model: LanguageModel, sae: any SparseAutoencoder, run: CollectionRun,
        isCancelled: () -> Bool = { false }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws {
        let result = try run.run(
            documents, model: model, saes: [sae], isCancelled: isCancelled, progress: progress)[0]
        explained = TokenExplanations(of: sae, result, documents: documents, model: model)
    }

    private var explanations: [TokenExplanation?] { explained.explanations }
    private var scores: [TokenSimulation.Score] { explained.scores }

    public func explain(_ evidence: NeuronEvidence) -> NeuronExplanation? {
        guard explanations.indices.contains(evidence.index), let explanation = explanations[evidence.index] else {
            return nil
        }
        return CatalogRows.explanation(explanation, scores[evidence.index])
    }

    /// Expected activation by token of a neuron; `nil` for one that never fired.
    package func table(_ index: Int) -> TokenTable? {
        explanations.indices.contains(index) ? explanations[index]?.table : nil
    }

    /// What the table says of all held-out tokens; `nil` where that is undefined.
    package func score(_ index: Int) -> TokenSimulation.Score? {
        scores.indices.contains(index) ? scores[index] : nil
    }
}
