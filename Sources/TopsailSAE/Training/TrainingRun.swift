import Foundation
import TopsailFiles
import TopsailTensor

/// Several SAEs trained side by side on one stream of activations, with checkpoints.
///
/// All see the same batches, so that SAEs of different sparsity can be compared, and the activations are computed once.
public final class TrainingRun {
    /// Where and how often the state is saved.
    public struct Checkpoints: Sendable, Hashable {
        public var folder: String
        /// Steps between two; the last step is always saved.
        public var interval: Int

        public init(folder: String, interval: Int = 200) {
            self.folder = folder
            self.interval = interval
        }

        func path(_ index: Int) -> String { "\(folder)/trainer-\(index).safetensors" }
    }

    /// In the order of the configurations.
    public let trainers: [SAETrainer]
    private let source: any ActivationSource
    private let checkpoints: Checkpoints?

    /// - Parameters:
    ///   - source: Measured from its beginning when a trainer starts anew.
    ///   - configurations: One an SAE; equal in d_in, batch size and tokens.
    ///   - resuming: Whether checkpoints that are there are gone on from.
    /// - Throws: `TrainingError`, or what the source throws.
    public init(
        source: any ActivationSource, configurations: [TrainingConfiguration], checkpoints: Checkpoints? = nil,
        resuming: Bool = false
    ) throws {
        self.source = source
        self.checkpoints = checkpoints
        for configuration in configurations {
            try configuration.validate()
            guard configuration.dIn == source.dIn else {
                throw TrainingError.badConfiguration("d_in is \(configuration.dIn), the activations have \(source.dIn)")
            }
            guard configuration.batchSize == configurations[0].batchSize,
                configuration.totalTokens == configurations[0].totalTokens
            else {
                throw TrainingError.badConfiguration("SAEs trained together need one batch size and number of tokens")
            }
        }
        try source.seek(to: 0)
        var statistics: ActivationStatistics?
        trainers = try configurations.enumerated().map { index, configuration in
            if resuming, let path = checkpoints?.path(index), FileManager.default.fileExists(atPath: path) {
                return try TrainingCheckpoint.load(path: path, configuration: configuration)
            }
            let measured = try statistics ?? ActivationStatistics(measuring: source)
            statistics = measured
            return try SAETrainer(configuration, statistics: measured)
        }
    }

    /// Trains to the end, or until cancelled; the state is then saved and a new run can go on from it.
    ///
    /// - Parameters:
    ///   - isCancelled: Asked once a step.
    ///   - onMetrics: Called after every step of every trainer, with the trainer's position in `trainers`.
    /// - Returns: Whether training is complete.
    @discardableResult
    public func run(
        isCancelled: () -> Bool = { false }, onMetrics: (Int, TrainingMetrics) throws -> Void = { _, _ in }
    ) throws -> Bool {
        guard let batchSize = trainers.first?.configuration.batchSize else { return true }
        let batch = FloatMatrix(rows: batchSize, columns: source.dIn)
        // A program that died between two files leaves trainers some steps apart: those ahead wait for the others.
        var step = trainers.map(\.step).min() ?? 0
        try source.seek(to: step * batchSize)
        while trainers.contains(where: { !$0.isFinished }) {
            if isCancelled() {
                try save()
                return false
            }
            try source.nextBatch(rows: batchSize, into: batch.pointer)
            for (index, trainer) in trainers.enumerated() where trainer.step == step && !trainer.isFinished {
                try onMetrics(index, trainer.train(on: batch.pointer))
            }
            step += 1
            if let checkpoints, step % checkpoints.interval == 0 { try save() }
        }
        try save()
        return true
    }

    private func save() throws {
        guard let checkpoints else { return }
        try FileManager.default.createDirectory(atPath: checkpoints.folder, withIntermediateDirectories: true)
        for (index, trainer) in trainers.enumerated() {
            try TrainingCheckpoint.save(trainer, to: checkpoints.path(index))
        }
    }
}
