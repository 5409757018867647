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

    /// Reads all documents once.
    ///
    /// - Parameter progress: Called with the tokens done and the tokens in all.
    /// - Throws: `ModelError` for a hook point that the model does not have; what reading and writing throw. Files appear under
    ///   their names when they are complete.
    public func write(
        _ documents: [CorpusReading], model: LanguageModel, targets: [Target], isCancelled: () -> Bool = { false },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> Summary {
        for target in targets { try model.checkHook(target.hook) }
        let reader = ContextReader(model, precision: precision, contextLength: contextLength)
        let total = rows(of: documents, reader.contextLength)
        var done = 0
        func dump(_ part: [CorpusReading], to path: KeyPath<Target, String>) throws -> Int {
            let count = rows(of: part, reader.contextLength)
            let files = try Dictionary(
                uniqueKeysWithValues: targets.map { target in
                    let file = try RowFile(
                        path: target[keyPath: path], rows: count, width: model.configuration.width(of: target.hook)!,
                        dtype: dtype,
                        metadata: ["hook": target.hook.description, "model": model.configuration.name])
                    return (target.hook, file)
                })
            var lastText = -1
            try reader.read(part.map(\.text.tokens), hooks: Set(files.keys), isCancelled: isCancelled) { context in
                for position in part[context.text].counted(in: context.positions) {
                    try files[context.point]!.append(
                        context.values + (position - context.positions.lowerBound) * context.width)
                }
                guard context.point == targets.last?.hook, context.text != lastText else { return }
                lastText = context.text
                done += part[context.text].countedTokens(contextLength: reader.contextLength)
                progress(done, total)
            }
            for file in files.values { _ = try file.finish() }
            return count
        }
        return Summary(
            trainingTokens: try dump(documents.filter { !$0.isHeldOut }, to: \.trainingPath),
            heldOutTokens: try dump(documents.filter(\.isHeldOut), to: \.heldOutPath))
    }

    private func rows(of documents: [CorpusReading], _ contextLength: Int) -> Int {
        documents.reduce(0) { $0 + $1.countedTokens(contextLength: contextLength) }
    }
}
