import Foundation
import TopsailAnalysis
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTensor

/// Writes the activations of a corpus to safetensors files, for training SAEs.
public struct ActivationHarvest {
    public var hook: HookPoint
    /// Longest stretch in tokens that the model sees at once.
    public var contextLength = 512
    public var precision = Precision.fast
    /// `.f16` or `.f32`.
    public var dtype = DType.f16

    public init(hook: HookPoint) { self.hook = hook }

    /// The name of the tensor `[tokens, width]` in the files.
    public static let tensorName = "activations"

    /// What was written.
    public struct Summary: Sendable, Hashable {
        public var trainingTokens: Int
        public var heldOutTokens: Int
        public var width: Int
    }

    /// Reads all documents once.
    ///
    /// - Parameters:
    ///   - trainingPath: Gets the rows of the counted tokens, in the corpus' order.
    ///   - heldOutPath: Likewise for the documents that are held out; `nil` leaves them unread.
    ///   - progress: Called with the rows done and the rows in all.
    public func write(
        _ documents: [CorpusReading], model: LanguageModel, trainingPath: String, heldOutPath: String? = nil,
        isCancelled: () -> Bool = { false }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> Summary {
        try model.checkHook(hook)
        let width = model.configuration.width(of: hook)!
        let reader = ContextReader(model, precision: precision, contextLength: contextLength)
        var done = 0
        let read = heldOutPath == nil ? documents.filter { !$0.isHeldOut } : documents
        let total = rows(of: read, reader.contextLength)
        func dump(_ part: [CorpusReading], to path: String) throws -> Int {
            let file = try RowFile(
                path: path, rows: rows(of: part, reader.contextLength), width: width, dtype: dtype,
                metadata: ["hook": hook.description, "model": model.configuration.name])
            try reader.read(part.map(\.text.tokens), hooks: [hook], isCancelled: isCancelled) { context in
                let rows = part[context.text].counted(in: context.positions)
                for position in rows {
                    try file.append(context.values + (position - context.positions.lowerBound) * width)
                }
                done += rows.count
                progress(done, total)
            }
            return try file.finish()
        }
        return Summary(
            trainingTokens: try dump(documents.filter { !$0.isHeldOut }, to: trainingPath),
            heldOutTokens: try heldOutPath.map { try dump(documents.filter(\.isHeldOut), to: $0) } ?? 0, width: width)
    }

    private func rows(of documents: [CorpusReading], _ contextLength: Int) -> Int {
        documents.reduce(0) { $0 + $1.countedTokens(contextLength: contextLength) }
    }
}
