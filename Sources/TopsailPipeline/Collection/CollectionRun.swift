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
        let topics = Topics(documents)
        let planned = documents.filter { !$0.isHeldOut }.reduce(0) {
            $0 + $1.countedTokens(contextLength: min(contextLength, model.configuration.contextLength))
        }
        var results = try saes.map { sae in
            Result(
                collection: NeuronCollection(
                    dSAE: sae.info.dSAE, plannedTokens: planned, contexts: contexts,
                    vocabularySize: model.configuration.vocabularySize, topicNames: topics.names),
                heldOut: HeldOutFeatures(), hook: try SAEFit.hook(of: sae, in: model, override: hook))
        }
        let fromFiles = saes.indices.filter { stored[results[$0].hook] != nil && !saes[$0].needsWholeSequence }
        let fromModel = saes.indices.filter { !fromFiles.contains($0) }
        let passes = fromFiles.count + (fromModel.isEmpty ? 0 : 1)
        var pass = 0
        func report(_ done: Int) { progress(pass * documents.count + done, passes * documents.count) }
        for index in fromFiles {
            try stored[results[index].hook]!.read(documents, isCancelled: isCancelled) { stretch in
                let document = documents[stretch.document]
                results[index].add(
                    document, topic: topics.index(of: document), positions: stretch.positions, counted: stretch.counted,
                    features: saes[index].encode(stretch.values, tokens: stretch.counted.count))
                report(stretch.document + 1)
            }
            pass += 1
        }
        guard !fromModel.isEmpty else { return results }
        let reader = ContextReader(model, precision: precision, contextLength: contextLength)
        let hooks = Set(fromModel.map { results[$0].hook })
        var done = 0
        try reader.read(documents.map(\.text.tokens), hooks: hooks, isCancelled: isCancelled) { context in
            let document = documents[context.text]
            let counted = document.counted(in: context.positions)
            for index in fromModel where results[index].hook == context.point {
                let features = saes[index].encode(context.values, tokens: context.positions.count)
                results[index].add(
                    document, topic: topics.index(of: document), positions: context.positions, counted: counted,
                    features: counted.map { features[$0 - context.positions.lowerBound] })
            }
            if context.positions.upperBound == document.text.count {
                done = max(done, context.text + 1)
                report(done)
            }
        }
        return results
    }
}

extension CollectionRun.Result {
    fileprivate mutating func add(
        _ document: CorpusReading, topic: Int, positions: Range<Int>, counted: [Int], features: [[ActiveFeature]]
    ) {
        let passage = NeuronCollection.Passage(
            document: document.number, topic: topic, tokens: document.text.tokens, positions: positions,
            counted: counted, features: features)
        if document.isHeldOut { heldOut.add(passage) } else { collection.add(passage) }
    }
}

/// The topics of a corpus, by number.
private struct Topics {
    let names: [String]
    private let numbers: [String: Int]

    init(_ documents: [CorpusReading]) {
        names = Set(documents.map(\.topic)).sorted()
        numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    }

    func index(of document: CorpusReading) -> Int { numbers[document.topic]! }
}
