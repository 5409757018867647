import Foundation
import Testing
import TopsailCore
import TopsailFiles
import TopsailSAE
import TopsailTensor
import TopsailTestSupport

@Suite("Training of all architectures")
struct TrainingArchitectureTests {
    @Test(
        "a seed gives the same bits with any number of threads, stopped or not",
        arguments: TrainingArchitecture.allCases)
    func deterministicAndResumable(_ architecture: TrainingArchitecture) throws {
        defer { Parallel.setThreads(0) }
        let folder = try TemporaryFolder()
        Parallel.setThreads(1)
        let whole = try Self.run(architecture)
        try whole.run()
        Parallel.setThreads(3)
        let checkpoints = TrainingRun.Checkpoints(folder: folder.path("checkpoints"), interval: 4)
        var steps = 0
        let first = try Self.run(architecture, checkpoints: checkpoints)
        try first.run(isCancelled: { steps == 11 }, onMetrics: { _, _ in steps += 1 })
        let second = try Self.run(architecture, checkpoints: checkpoints, resuming: true)
        #expect(second.trainers[0].step == 11)
        try second.run()
        #expect(second.trainers[0].trained().bits == whole.trainers[0].trained().bits)
    }

    @Test("it explains what it was trained on", arguments: TrainingArchitecture.allCases)
    func explains(_ architecture: TrainingArchitecture) throws {
        let data = SyntheticActivations(dIn: 32, directions: 64, active: 3, rows: 20_000, seed: 8)
        var c = TrainingConfiguration(architecture, dIn: 32, dSAE: 128, k: 4, totalTokens: 256 * 1200, seed: 1)
        c.batchSize = 256
        if architecture == .hierarchical { c.prefixes = [2, 3, 4] }
        // L1 shrinks what it keeps, so that four active neurons explain less.
        if architecture == .standard { c.k = 8 }
        let run = try TrainingRun(
            source: MatrixActivationSource(values: data.values, dIn: 32, seed: 4), configurations: [c])
        var last: TrainingMetrics?
        try run.run(onMetrics: { last = $1 })
        let metrics = try #require(last)
        #expect(
            metrics.explainedVariance > (architecture == .standard ? 0.6 : 0.8),
            "explained variance \(metrics.explainedVariance), L0 \(metrics.l0)")
        #expect((0.6...1.4).contains(metrics.l0 / Double(c.k)), "L0 \(metrics.l0) for k \(c.k)")
    }

    @Test("what is saved opens again and does what the trainer did", arguments: TrainingArchitecture.allCases)
    func saves(_ architecture: TrainingArchitecture) throws {
        let folder = try TemporaryFolder()
        let run = try Self.run(architecture)
        var last: TrainingMetrics?
        try run.run(onMetrics: { last = $1 })
        let metrics = try #require(last)
        let trained = run.trainers[0].trained()
        try SAELensWriter().write(trained, hook: HookPoint("mlp_out.3"), model: "tiny", to: folder.path("sae"))
        let sae = try SAELoader.open(path: folder.path("sae"))
        #expect(sae.info.hook == HookPoint("mlp_out.3") && sae.info.model == "tiny")
        #expect(sae.info.parameters["training_architecture"] == .string(architecture.savedName))
        var quality = SAEQuality(dOut: 32, dSAE: 96)
        quality.measure(sae, on: Self.data.values, rows: Self.data.rows)
        let explained = (quality.explainedVariance, metrics.explainedVariance)
        #expect(abs(explained.0 - explained.1) < 0.1, "\(explained)")
        #expect(abs(quality.l0 - metrics.l0) < 0.25 * metrics.l0, "\(quality.l0), \(metrics)")
    }

    @Test("BatchTopK keeps k times the batch and remembers the least value it kept")
    func batchThreshold() throws {
        var c = TrainingSample.configuration(.batchtopk, normalization: .expectedAverage)
        c.thresholdRate = 0.5
        let source = TrainingSample.source()
        let trainer = try TrainingSample.trainer(c, source: source)
        var batch = [Float](repeating: 0, count: 16 * 8)
        var metrics: [TrainingMetrics] = []
        for _ in 0..<4 {
            source.nextBatch(rows: 16, into: &batch)
            metrics.append(try trainer.train(on: batch))
        }
        #expect(metrics.allSatisfy { $0.l0 == 4 })
        let thresholds = metrics.compactMap(\.threshold)
        #expect(thresholds.count == 4 && thresholds.allSatisfy { $0 > 0 })
        let saved = trainer.trained()["threshold"]
        #expect(Set(saved).count == 1 && abs(Double(saved[0]) - thresholds[3]) < 1e-6)
    }

    @Test("the orthogonality penalty makes neurons write less alike")
    func orthogonality() throws {
        func alikeness(_ weight: Float) throws -> Float {
            var c = TrainingConfiguration(.topk, dIn: 32, dSAE: 96, k: 3, totalTokens: 64 * 300, seed: 3)
            c.batchSize = 64
            c.orthogonality = weight
            c.orthogonalityChunk = 48
            let run = try TrainingRun(
                source: MatrixActivationSource(values: Self.data.values, dIn: 32, seed: 4), configurations: [c])
            try run.run()
            let rows = run.trainers[0].trained()["W_dec"]
            var sum: Float = 0
            for i in 0..<96 {
                var best: Float = -1
                for j in 0..<96 where j != i {
                    best = max(
                        best,
                        LinearAlgebra.dot(
                            Array(rows[i * 32..<i * 32 + 32]), Array(rows[j * 32..<j * 32 + 32]), count: 32))
                }
                sum += best
            }
            return sum / 96
        }
        let (without, with) = (try alikeness(0), try alikeness(2))
        #expect(with < 0.9 * without, "\(without) without, \(with) with the penalty")
    }

    @Test("HierarchicalTopK serves smaller budgets better than TopK")
    func smallerBudgets() throws {
        func explained(_ architecture: TrainingArchitecture) throws -> Double {
            var c = TrainingConfiguration(architecture, dIn: 32, dSAE: 96, k: 12, totalTokens: 256 * 400, seed: 3)
            c.batchSize = 256
            let source = MatrixActivationSource(values: Self.data.values, dIn: 32, seed: 4)
            let run = try TrainingRun(source: source, configurations: [c])
            try run.run()
            let folder = try TemporaryFolder()
            var trained = run.trainers[0].trained()
            trained.keys["k"] = .int(2)
            try SAELensWriter().write(trained, hook: nil, model: nil, to: folder.path("sae"))
            var quality = SAEQuality(dOut: 32, dSAE: 96)
            quality.measure(try SAELoader.open(path: folder.path("sae")), on: Self.data.values, rows: Self.data.rows)
            return quality.explainedVariance
        }
        let (plain, nested) = (try explained(.topk), try explained(.hierarchical))
        #expect(nested > plain + 0.02, "\(plain) with TopK, \(nested) with HierarchicalTopK")
    }

    @Test("settings of an architecture that make no sense are refused by name")
    func refusals() throws {
        let statistics = ActivationStatistics(mean: [Float](repeating: 0, count: 8), meanNorm: 1)
        func message(_ architecture: TrainingArchitecture, _ change: (inout TrainingConfiguration) -> Void) -> String? {
            var c = TrainingSample.configuration(architecture)
            change(&c)
            return failure { try SAETrainer(c, statistics: statistics) }
        }
        #expect(try #require(message(.matryoshka) { $0.prefixes = [8, 4, 24] }).contains("widths must rise"))
        #expect(try #require(message(.hierarchical) { $0.prefixes = [1, 2] }).contains("budgets must rise"))
        #expect(try #require(message(.kron) { $0.kronShape.heads = 3 }).contains("make no 24 neurons"))
        #expect(try #require(message(.jumprelu) { $0.bandwidth = 0 }).contains("bandwidth"))
        #expect(try #require(message(.standard) { $0.sparsityCoefficient = -1 }).contains("sparsity coefficient"))
    }

    // MARK: Parts

    private static let data = SyntheticActivations(dIn: 32, directions: 64, active: 3, rows: 3000, seed: 3)

    private static func run(
        _ architecture: TrainingArchitecture, checkpoints: TrainingRun.Checkpoints? = nil, resuming: Bool = false
    ) throws -> TrainingRun {
        var c = TrainingConfiguration(architecture, dIn: 32, dSAE: 96, k: 4, totalTokens: 300 * 30, seed: 9)
        c.batchSize = 300
        c.deadAfterTokens = 900
        c.orthogonalityChunk = 30
        // Thirty steps are too few for a mean over a hundred.
        c.thresholdRate = 0.3
        return try TrainingRun(
            source: MatrixActivationSource(values: data.values, dIn: 32, seed: 4), configurations: [c],
            checkpoints: checkpoints, resuming: resuming)
    }
}
