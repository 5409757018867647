import Foundation
import TopsailAnalysis
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTensor

/// Writes the activations of a corpus to safetensors files, for training SAEs: several hook points in one pass of the model.
public struct ActivationHarvest {
    /// Longest stretch in tokens that the model sees at once.
    public var contextLength = Self.contextLength
    public var precision = Precision.fast
    /// `.f16` or `.f32`.
    public var dtype = DType.f16
    /// Tokens after which the rows are brought to disk; what is in memory when a run is killed is read again.
    public var chunkTokens = 16_384

    public init() {}

    public static let contextLength = 512
    /// The name of the tensor `[tokens, width]` in the files.
    public static let tensorName = "activations"

    /// Where the activations of one hook point go.
    public struct Target: Sendable, Hashable {
        public var hook: HookPoint
        /// Gets the rows of the counted tokens, in the corpus' order.
        public var trainingPath: String
        /// Likewise for the documents that are held out.
        public var heldOutPath: String

        public init(hook: HookPoint, trainingPath: String, heldOutPath: String) {
            self.hook = hook
            self.trainingPath = trainingPath
            self.heldOutPath = heldOutPath
        }
    }

    /// Rows of each target's files.
    public struct Summary: Sendable, Hashable {
        public var trainingTokens: Int
        public var heldOutTokens: Int
    }

    /// Reads all documents once, a chunk after the other: first those that train, then those that are held out.
    ///
    /// - Parameters:
    ///   - first: Chunks whose rows an earlier call left beside the targets' files when it was ended; taken for none where the rows
    ///     are not there.
    ///   - reached: Called when the rows of so many chunks are on disk.
    ///   - progress: Called with the tokens done and the tokens in all.
    /// - Throws: `ModelError` for a hook point that the model does not have; what reading and writing throw. Files appear under
    ///   their names when all are complete.
    public func write(
        _ documents: [CorpusReading], model: LanguageModel, targets: [Target], goingOnFrom first: Int = 0,
        isCancelled: () -> Bool = { false }, reached: (Int) throws -> Void = { _ in },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> Summary {
        for target in targets { try model.checkHook(target.hook) }
        let reader = ContextReader(model, precision: precision, contextLength: contextLength)
        let chunks = chunks(of: documents, contextLength: reader.contextLength)
        let files = try HarvestFiles.open(
            targets, chunks: chunks, done: first, dtype: dtype, model: model.configuration)
        let total = chunks.reduce(0) { $0 + $1.rows }
        var done = chunks[..<files.done].reduce(0) { $0 + $1.rows }
        for (number, chunk) in chunks.enumerated().dropFirst(files.done) {
            var lastText = -1
            try reader.read(
                chunk.documents.map(\.text.tokens), hooks: Set(targets.map(\.hook)), isCancelled: isCancelled
            ) { context in
                let file = files[context.point, isHeldOut: chunk.isHeldOut]
                let document = chunk.documents[context.text]
                for position in document.counted(in: context.positions) {
                    try file.append(context.values + (position - context.positions.lowerBound) * context.width)
                }
                guard context.point == targets.last?.hook, context.text != lastText else { return }
                lastText = context.text
                done += document.countedTokens(contextLength: reader.contextLength)
                progress(done, total)
            }
            try files.synchronize()
            try reached(number + 1)
        }
        try files.finish()
        return Summary(
            trainingTokens: chunks.filter { !$0.isHeldOut }.reduce(0) { $0 + $1.rows },
            heldOutTokens: chunks.filter(\.isHeldOut).reduce(0) { $0 + $1.rows })
    }

    private func chunks(of documents: [CorpusReading], contextLength: Int) -> [HarvestChunk] {
        [false, true].flatMap { isHeldOut in
            let part = documents.filter { $0.isHeldOut == isHeldOut }
            return CorpusChunks.ranges(of: part, tokens: chunkTokens).map { range in
                let documents = Array(part[range])
                return HarvestChunk(
                    documents: documents, isHeldOut: isHeldOut,
                    rows: documents.reduce(0) { $0 + $1.countedTokens(contextLength: contextLength) })
            }
        }
    }
}
