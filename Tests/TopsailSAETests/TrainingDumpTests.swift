import Foundation
import Testing
import TopsailFiles
import TopsailSAE
import TopsailTestSupport

/// Writes what `Tests/Reference/sae_training.py` compares with other libraries: the same start, the same batches.
@Suite("Training beside other libraries")
struct TrainingDumpTests {
    private static let folder = ProcessInfo.processInfo.environment["TOPSAIL_TRAINING_DUMP"]

    @Test("states are written for the comparison", .enabled(if: folder != nil, "TOPSAIL_TRAINING_DUMP names no folder"))
    func dump() throws {
        let folder = try #require(Self.folder)
        for (name, configuration) in Self.cases { try write(configuration, to: "\(folder)/\(name)") }
    }

    /// Wide enough that other libraries' shortcuts for small sizes do not matter.
    private static var cases: [(String, TrainingConfiguration)] {
        func make(
            _ architecture: TrainingArchitecture, _ change: (inout TrainingConfiguration) -> Void = { _ in }
        ) -> TrainingConfiguration {
            var c = TrainingConfiguration(architecture, dIn: 24, dSAE: 96, k: 6, totalTokens: 64 * 8, seed: 7)
            c.batchSize = 64
            c.normalization = .none
            c.learningRate = 1e-3
            c.gradientClip = nil
            c.warmUpFraction = 0
            c.decayFraction = 0
            c.sparsityWarmUpFraction = 0
            c.deadAfterTokens = 1 << 40
            if !architecture.choosesByCount { c.sparsityCoefficient = 0.5 }
            if architecture == .matryoshka { c.prefixes = [12, 40, 96] }
            if architecture == .jumprelu { (c.initialThreshold, c.bandwidth) = (0.05, 0.1) }
            change(&c)
            return c
        }
        let names: [TrainingArchitecture] = [.standard, .topk, .batchtopk, .matryoshka, .jumprelu, .abstopk, .gated]
        return names.map { ($0.rawValue, make($0)) } + [
            (
                "gated-unfrozen",
                make(.gated) {
                    $0.freezesDecoderForGate = false
                    $0.decoderNorm = .free
                }
            )
        ]
    }

    private func write(_ c: TrainingConfiguration, to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let data = SyntheticActivations(dIn: c.dIn, directions: 60, active: 4, rows: c.batchSize * 8, seed: 11)
        let source = MatrixActivationSource(values: data.values, dIn: c.dIn, seed: 1)
        let trainer = try SAETrainer(c, statistics: ActivationStatistics(measuring: source, rows: 256))
        try TrainingCheckpoint.save(trainer, to: "\(folder)/state-0.safetensors")
        var batches: [Float] = []
        var batch = [Float](repeating: 0, count: c.batchSize * c.dIn)
        var losses: [Double] = []
        while !trainer.isFinished {
            source.nextBatch(rows: c.batchSize, into: &batch)
            batches += batch
            losses.append(try trainer.train(on: batch).loss)
            try TrainingCheckpoint.save(trainer, to: "\(folder)/state-\(trainer.step).safetensors")
        }
        let writer = try SafetensorsWriter(
            path: "\(folder)/batches.safetensors",
            tensors: [.init("activations", .f32, [batches.count / c.dIn, c.dIn])], metadata: [:])
        try batches.withUnsafeBufferPointer { try writer.append($0, to: "activations") }
        try writer.finish()
        try JSONEncoder().encode(losses).write(to: URL(fileURLWithPath: "\(folder)/losses.json"))
    }
}
