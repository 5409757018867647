import TopsailAnalysis
import TopsailCore
import TopsailModel
import TopsailSAE

/// The chunks of one shard, and what is needed to collect over them one after the other.
struct CollectionWork {
    private let run: CollectionRun
    private let documents: [CorpusReading]
    private let saes: [any SparseAutoencoder]
    private let topics: Topics
    private let model: LanguageModel
    /// The shard's chunks, in the corpus' order.
    let chunks: [Range<Int>]
    /// Nothing collected yet.
    let start: CollectionRun.State
    /// Stored activations by SAE, for those that have them.
    private let files: [StoredActivations.Rows?]
    /// Whether the model has to read at all.
    var readsModel: Bool { files.contains { $0 == nil } }

    /// - Throws: `AnalysisError` when an SAE does not fit the model; `PipelineError.otherActivations`.
    init(
        _ run: CollectionRun, _ documents: [CorpusReading], model: LanguageModel, saes: [any SparseAutoencoder],
        hook: HookPoint?, shard: Shard
    ) throws {
        self.run = run
        self.documents = documents
        self.model = model
        self.saes = saes
        let topics = Topics(documents)
        self.topics = topics
        let contextLength = min(run.contextLength, model.configuration.contextLength)
        // Of the whole corpus, whatever the shard: it decides how much of the tails is kept.
        let planned = documents.filter { !$0.isHeldOut }.reduce(0) {
            $0 + $1.countedTokens(contextLength: contextLength)
        }
        let results = try saes.map { sae in
            CollectionRun.Result(
                collection: NeuronCollection(
                    dSAE: sae.info.dSAE, plannedTokens: planned, contexts: run.contexts,
                    vocabularySize: model.configuration.vocabularySize, topicNames: topics.names),
                heldOut: HeldOutFeatures(), hook: try SAEFit.hook(of: sae, in: model, override: hook))
        }
        start = CollectionRun.State(results: results)
        chunks = CorpusChunks.ranges(of: documents, tokens: run.chunkTokens).enumerated()
            .filter { shard.takes(chunk: $0.offset) }.map(\.element)
        files = try saes.indices.map { index in
            guard !saes[index].needsWholeSequence, let stored = run.stored[results[index].hook] else { return nil }
            return try stored.rows(of: documents)
        }
    }

    /// Collects over the chunks that are left. When it throws, the state holds whole chunks: a later call goes on from there.
    ///
    /// - Parameters:
    ///   - progress: Called with the documents done and those of the shard.
    ///   - checkpoint: Called after each chunk.
    func finish(
        _ state: inout CollectionRun.State, isCancelled: () -> Bool, progress: (Int, Int) -> Void,
        checkpoint: (CollectionRun.State) throws -> Void = { _ in }
    ) throws {
        let total = chunks.reduce(0) { $0 + $1.count }
        var done = chunks.prefix(state.chunks).reduce(0) { $0 + $1.count }
        let fromModel = saes.indices.filter { files[$0] == nil }
        let reader =
            fromModel.isEmpty
            ? nil : ContextReader(model, precision: run.precision, contextLength: run.contextLength)
        for chunk in chunks.dropFirst(state.chunks) {
            var found = saes.map { _ in [Found]() }
            for (index, rows) in files.enumerated() {
                guard let rows else { continue }
                found[index] = try read(rows, chunk, with: saes[index], isCancelled)
            }
            if let reader {
                try read(chunk, with: reader, for: fromModel, hooks: state.results.map(\.hook), &found, isCancelled) {
                    progress(done + $0, total)
                }
            }
            for index in saes.indices {
                for passage in found[index] { state.results[index].add(passage) }
            }
            state.chunks += 1
            done += chunk.count
            progress(done, total)
            try checkpoint(state)
        }
    }

    /// A passage, and whether its document is held out.
    fileprivate struct Found {
        var passage: NeuronCollection.Passage
        var isHeldOut: Bool
    }

    private func found(
        _ document: CorpusReading, _ positions: Range<Int>, _ counted: [Int], _ features: [[ActiveFeature]]
    ) -> Found {
        let passage = NeuronCollection.Passage(
            document: document.number, topic: topics.index(of: document), tokens: document.text.tokens,
            positions: positions, counted: counted, features: features)
        return Found(passage: passage, isHeldOut: document.isHeldOut)
    }

    private func read(
        _ rows: StoredActivations.Rows, _ chunk: Range<Int>, with sae: any SparseAutoencoder, _ isCancelled: () -> Bool
    ) throws -> [Found] {
        var passages: [Found] = []
        try rows.read(chunk, isCancelled: isCancelled) { stretch in
            let features = sae.encode(stretch.values, tokens: stretch.counted.count)
            passages.append(found(documents[stretch.document], stretch.positions, stretch.counted, features))
        }
        return passages
    }

    /// - Parameter progress: Called with the documents of the chunk that are done.
    private func read(
        _ chunk: Range<Int>, with reader: ContextReader, for members: [Int], hooks: [HookPoint],
        _ found: inout [[Found]], _ isCancelled: () -> Bool, progress: (Int) -> Void
    ) throws {
        var done = 0
        try reader.read(
            documents[chunk].map(\.text.tokens), hooks: Set(members.map { hooks[$0] }), isCancelled: isCancelled
        ) { context in
            let document = documents[chunk.lowerBound + context.text]
            let counted = document.counted(in: context.positions)
            for index in members where hooks[index] == context.point {
                let features = saes[index].encode(context.values, tokens: context.positions.count)
                found[index].append(
                    self.found(
                        document, context.positions, counted,
                        counted.map { features[$0 - context.positions.lowerBound] }))
            }
            if context.positions.upperBound == document.text.count {
                done = max(done, context.text + 1)
                progress(done)
            }
        }
    }
}

extension CollectionRun.Result {
    fileprivate mutating func add(_ found: CollectionWork.Found) {
        if found.isHeldOut { heldOut.add(found.passage) } else { collection.add(found.passage) }
    }

    /// Adds what another shard collected.
    mutating func merge(_ other: CollectionRun.Result) {
        collection.merge(other.collection)
        heldOut.merge(other.heldOut)
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
