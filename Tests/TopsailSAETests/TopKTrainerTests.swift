import Foundation
import Testing
import TopsailFiles
import TopsailSAE
import TopsailTensor
import TopsailTestSupport

@Suite("Training of TopK SAEs")
struct TopKTrainerTests {
    /// Small enough for the plain twin; some neurons die within a few steps, so the auxiliary loss takes part.
    private static func smallConfiguration() -> TrainingConfiguration {
        var c = TrainingConfiguration(dIn: 8, dSAE: 40, k: 3, totalTokens: 16 * 12, seed: 5)
        c.batchSize = 16
        c.learningRate = 5e-3
        c.auxK = 4
        c.auxCoefficient = 0.25
        c.deadAfterTokens = 20
        c.epsilon = 1e-6
        c.gradientClip = nil
        return c
    }

    @Test("steps agree with the plain twin", arguments: [TrainingConfiguration.Normalization.none, .expectedAverage])
    func agreesWithPlainTwin(normalization: TrainingConfiguration.Normalization) throws {
        var c = Self.smallConfiguration()
        c.normalization = normalization
        let data = SyntheticActivations(dIn: 8, directions: 16, active: 3, rows: 16 * 12, seed: 2)
        let source = MatrixActivationSource(values: data.values, dIn: 8, seed: 1)
        let trainer = try SAETrainer(c, statistics: ActivationStatistics(measuring: source, rows: 64))
        let scale = Double(trainer.inputScale)
        #expect((scale == 1) == (normalization == .none))
        // The twin lives in scaled units, where the SAE's biases are s times those of the finished SAE.
        var twin = PlainTopKTrainer(c, from: trainer.trained())
        twin.decoderBias = twin.decoderBias.map { $0 * scale }

        var batch = [Float](repeating: 0, count: 16 * 8)
        var sawDead = false
        while !trainer.isFinished {
            source.nextBatch(rows: 16, into: &batch)
            let metrics = try trainer.train(on: batch)
            let rows = (0..<16).map { row in (0..<8).map { Double(batch[row * 8 + $0]) * scale } }
            let loss = twin.train(on: rows)
            #expect(abs(metrics.loss - loss) < 1e-4 * max(1, loss), "step \(metrics.step)")
            sawDead = sawDead || metrics.deadFraction > 0
        }
        #expect(sawDead, "no neuron died, so the auxiliary loss was not tested")
        let sae = trainer.trained()
        expectClose(sae["W_enc"], (0..<8).flatMap { i in twin.encoder.map { $0[i] } }, "W_enc")
        expectClose(sae["W_dec"], twin.decoder.flatMap { $0 }, "W_dec")
        expectClose(sae["b_enc"], twin.encoderBias.map { $0 / scale }, "b_enc")
        expectClose(sae["b_dec"], twin.decoderBias.map { $0 / scale }, "b_dec")
    }

    @Test("a seed gives the same bits with any number of threads")
    func deterministic() throws {
        let data = SyntheticActivations(dIn: 32, directions: 100, active: 5, rows: 3000, seed: 3)
        defer { Parallel.setThreads(0) }
        let results = try [1, 2, 5].map { threads in
            Parallel.setThreads(threads)
            return try weights(after: Self.mediumRun(data))
        }
        #expect(results[0] == results[1] && results[0] == results[2])
    }

    @Test("a run that was stopped goes on as if it never had been", arguments: [1, 7, 19])
    func resumes(stop: Int) throws {
        let data = SyntheticActivations(dIn: 32, directions: 100, active: 5, rows: 3000, seed: 3)
        let whole = try weights(after: Self.mediumRun(data))
        let folder = try TemporaryFolder()
        let checkpoints = TrainingRun.Checkpoints(folder: folder.path("checkpoints"), interval: 5)

        let first = try Self.mediumRun(data, checkpoints: checkpoints)
        var steps = 0
        let finished = try first.run(
            isCancelled: { steps == stop }, onMetrics: { index, _ in if index == 0 { steps += 1 } })
        #expect(!finished)
        let second = try Self.mediumRun(data, checkpoints: checkpoints, resuming: true)
        #expect(second.trainers.map(\.step) == [stop, stop])
        #expect(try weights(after: second) == whole)
    }

    @Test("trainers whose checkpoints are some steps apart meet again")
    func resumesUnevenCheckpoints() throws {
        let data = SyntheticActivations(dIn: 32, directions: 100, active: 5, rows: 3000, seed: 3)
        let whole = try weights(after: Self.mediumRun(data))
        let folder = try TemporaryFolder()
        let (early, late) = (folder.path("early"), folder.path("late"))
        for (path, stop) in [(early, 4), (late, 9)] {
            var steps = 0
            try Self.mediumRun(data, checkpoints: .init(folder: path)).run(
                isCancelled: { steps == stop }, onMetrics: { index, _ in if index == 0 { steps += 1 } })
        }
        try FileManager.default.removeItem(atPath: "\(early)/trainer-1.safetensors")
        try FileManager.default.copyItem(
            atPath: "\(late)/trainer-1.safetensors", toPath: "\(early)/trainer-1.safetensors")
        let run = try Self.mediumRun(data, checkpoints: .init(folder: early), resuming: true)
        #expect(run.trainers.map(\.step) == [4, 9])
        #expect(try weights(after: run) == whole)
    }

    @Test("a checkpoint of other settings is refused, and the message names the setting")
    func refusesOtherRun() throws {
        let folder = try TemporaryFolder()
        var c = Self.smallConfiguration()
        let statistics = ActivationStatistics(mean: [Float](repeating: 0, count: 8), meanNorm: 1)
        try TrainingCheckpoint.save(SAETrainer(c, statistics: statistics), to: folder.path("a"))
        c.learningRate = 1e-4
        let message = try #require(failure { try TrainingCheckpoint.load(path: folder.path("a"), configuration: c) })
        #expect(message.contains("learningRate") && message.contains("0.005"), "\(message)")
    }

    @Test("a loss that is no number stops training and leaves the weights alone")
    func stopsOnNaN() throws {
        let c = Self.smallConfiguration()
        let statistics = ActivationStatistics(mean: [Float](repeating: 0, count: 8), meanNorm: 1)
        let trainer = try SAETrainer(c, statistics: statistics)
        let before = trainer.trained()["W_enc"]
        var batch = [Float](repeating: 1, count: 16 * 8)
        batch[3] = .nan
        let message = try #require(failure { try trainer.train(on: batch) })
        #expect(message.contains("step 1"), "\(message)")
        #expect(trainer.step == 0)
        #expect(trainer.trained()["W_enc"] == before)
    }

    @Test("settings that make no sense are refused by name")
    func refusesBadConfiguration() throws {
        var c = Self.smallConfiguration()
        c.k = 41
        let statistics = ActivationStatistics(mean: [Float](repeating: 0, count: 8), meanNorm: 1)
        let message = try #require(failure { try SAETrainer(c, statistics: statistics) })
        #expect(message.contains("k is 41"), "\(message)")
    }

    @Test("it finds a known dictionary")
    func findsDictionary() throws {
        let data = SyntheticActivations(dIn: 32, directions: 64, active: 3, rows: 20_000, seed: 8)
        var c = TrainingConfiguration(dIn: 32, dSAE: 128, k: 3, totalTokens: 200_000, seed: 1)
        c.batchSize = 256
        let source = MatrixActivationSource(values: data.values, dIn: 32, seed: 4)
        let run = try TrainingRun(source: source, configurations: [c])
        var last: TrainingMetrics?
        try run.run(onMetrics: { last = $1 })
        let rows = run.trainers[0].trained()["W_dec"]
        let found = (0..<64).count { direction in
            (0..<128).contains { neuron in
                zip(rows[neuron * 32..<(neuron + 1) * 32], data.dictionary[direction * 32..<(direction + 1) * 32])
                    .reduce(Float(0)) { $0 + $1.0 * $1.1 } > 0.95
            }
        }
        let explained = try #require(last).explainedVariance
        #expect(explained > 0.9, "explained variance \(explained)")
        #expect(found >= 58, "\(found) of 64 directions found")
    }

    // MARK: Parts

    private static func mediumRun(
        _ data: SyntheticActivations, checkpoints: TrainingRun.Checkpoints? = nil, resuming: Bool = false
    ) throws -> TrainingRun {
        var c = TrainingConfiguration(dIn: 32, dSAE: 1100, k: 4, totalTokens: 300 * 20, seed: 9)
        c.batchSize = 300
        c.deadAfterTokens = 600
        var sparser = c
        sparser.k = 2
        let source = MatrixActivationSource(values: data.values, dIn: 32, seed: 4)
        return try TrainingRun(
            source: source, configurations: [c, sparser], checkpoints: checkpoints, resuming: resuming)
    }

    /// All weights of all SAEs of a run, as bits.
    private func weights(after run: TrainingRun) throws -> [[UInt32]] {
        #expect(try run.run())
        return run.trainers.map { $0.trained().bits }
    }

    private func expectClose(_ found: [Float], _ wanted: [Double], _ what: String) {
        let worst = zip(found, wanted).map { abs(Double($0) - $1) }.max() ?? .nan
        #expect(found.count == wanted.count && worst < 2e-4, "\(what) is off by \(worst)")
    }
}
