import TopsailAnalysis
import TopsailModel
import TopsailSAE

/// The statistical explanations of one SAE's neurons, and what their tables say of held-out text.
struct TokenExplanations {
    let logits: [NeuronLogits]
    /// By neuron; `nil` for those that never fired.
    let explanations: [TokenExplanation?]
    let scores: [TokenSimulation.Score]

    /// - Parameter documents: The corpus that was collected from.
    init(
        of sae: any SparseAutoencoder, _ result: CollectionRun.Result, documents: [CorpusReading], model: LanguageModel
    ) {
        let tokens = Dictionary(uniqueKeysWithValues: documents.map { ($0.number, $0.text.tokens) })
        let logits = LogitLens(model).effects(of: sae)
        let explainer = TokenExplainer(tokenizer: model.tokenizer) { tokens[$0] ?? [] }
        let collection = result.collection
        explanations = collection.neurons.indices.map {
            explainer.explain(collection.neurons[$0], collection.counts, logits: logits[$0])
        }
        scores = TokenSimulation.scores(of: explanations.map { $0?.table }, on: result.heldOut)
        self.logits = logits
    }
}
