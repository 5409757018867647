import TopsailAnalysis
import TopsailCore
import TopsailModel
import TopsailSAE

/// Reads a corpus once and collects what the neurons of one or several SAEs did on it.
public struct CollectionRun {
    /// Longest stretch in tokens that the model sees at once.
    public var contextLength = 512
    public var precision = Precision.fast
    /// Strongest contexts kept of each neuron.
    public var contexts = 10

    public init() {}

    /// What was collected for one SAE.
    public struct Result: Sendable {
        /// Over the documents that are not held out.
        package var collection: NeuronCollection
        /// What fired on the documents that are.
        package var heldOut: HeldOutFeatures
        /// Where it read.
        public var hook: HookPoint
    }

    /// - Parameter hook: Overrides where the SAEs say they read.
    /// - Throws: `AnalysisError` when an SAE does not fit the model; what reading throws.
    public func run(
        _ documents: [CorpusReading], model: LanguageModel, saes: [any SparseAutoencoder], hook: HookPoint? = nil,
        isCancelled: () -> Bool = { false }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [Result] {
        let topicNames = Set(documents.map(\.topic)).sorted()
        let topicIndex = Dictionary(uniqueKeysWithValues: topicNames.enumerated().map { ($1, $0) })
        let reader = ContextReader(model, precision: precision, contextLength: contextLength)
        let planned = documents.filter { !$0.isHeldOut }.reduce(0) {
            $0 + $1.countedTokens(contextLength: reader.contextLength)
        }
        var results = try saes.map { sae in
            Result(
                collection: NeuronCollection(
                    dSAE: sae.info.dSAE, plannedTokens: planned, contexts: contexts,
                    vocabularySize: model.configuration.vocabularySize, topicNames: topicNames),
                heldOut: HeldOutFeatures(), hook: try SAEFit.hook(of: sae, in: model, override: hook))
        }
        var done = 0
        let hooks = Set(results.map(\.hook))
        try reader.read(documents.map(\.text.tokens), hooks: hooks, isCancelled: isCancelled) { context in
            let document = documents[context.text]
            let counted = document.counted(in: context.positions)
            for index in results.indices where results[index].hook == context.point {
                let features = saes[index].encode(context.values, tokens: context.positions.count)
                let passage = NeuronCollection.Passage(
                    document: document.number, topic: topicIndex[document.topic]!, tokens: document.text.tokens,
                    positions: context.positions, counted: counted,
                    features: counted.map { features[$0 - context.positions.lowerBound] })
                if document.isHeldOut {
                    results[index].heldOut.add(passage)
                } else {
                    results[index].collection.add(passage)
                }
            }
            if context.positions.upperBound == document.text.count {
                done = max(done, context.text + 1)
                progress(done, documents.count)
            }
        }
        return results
    }
}
