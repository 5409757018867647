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
    /// Activations that a harvest of the same documents left: SAEs at their hook points need no pass of the model.
    public var stored: [HookPoint: StoredActivations] = [:]
    /// Tokens after which a chunk of documents ends. Chunks are what shards share and what an ended run goes on after.
    public var chunkTokens = 8192

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

    /// How far a shard is.
    struct State: Sendable {
        /// Over all chunks that are done.
        var results: [Result]
        /// Chunks of the shard that are done.
        var chunks = 0
    }

    /// - Parameter hook: Overrides where the SAEs say they read.
    /// - Throws: `AnalysisError` when an SAE does not fit the model; what reading throws.
    public func run(
        _ documents: [CorpusReading], model: LanguageModel, saes: [any SparseAutoencoder], hook: HookPoint? = nil,
        isCancelled: () -> Bool = { false }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [Result] {
        let work = try CollectionWork(self, documents, model: model, saes: saes, hook: hook, shard: .whole)
        var state = work.start
        try work.finish(&state, isCancelled: isCancelled, progress: progress)
        return state.results
    }
}
