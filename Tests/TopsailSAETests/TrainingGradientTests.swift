import Foundation
import Testing
import TopsailSAE
import TopsailTestSupport

@Suite("Gradients of training")
struct TrainingGradientTests {
    /// One step of a small run, and the state before and after it.
    private struct FirstStep {
        let configuration: TrainingConfiguration
        let metrics: TrainingMetrics
        let before: [String: [Double]]
        let after: TrainerState
        let batch: [[Double]]

        init(_ c: TrainingConfiguration) throws {
            let source = TrainingSample.source()
            let trainer = try TrainingSample.trainer(c, source: source)
            let folder = try TemporaryFolder()
            let start = try TrainerState(trainer, folder: folder, name: "start")
            before = try Dictionary(uniqueKeysWithValues: start.parameters.map { ($0, try start.values($0)) })
            var rows = [Float](repeating: 0, count: c.batchSize * c.dIn)
            source.nextBatch(rows: c.batchSize, into: &rows)
            metrics = try trainer.train(on: rows)
            after = try TrainerState(trainer, folder: folder, name: "after")
            let scale = Double(trainer.inputScale)
            batch = (0..<c.batchSize).map { row in
                (0..<c.dIn).map { Double(rows[row * c.dIn + $0]) * scale }
            }
            configuration = c
        }

        var plain: PlainLoss { PlainLoss(configuration, batch: batch, start: before) }
    }

    @Test("the first step's loss and gradients are those of the formulas", arguments: TrainingArchitecture.allCases)
    func agreesWithFiniteDifferences(_ architecture: TrainingArchitecture) throws {
        for normalization in [TrainingConfiguration.Normalization.none, .expectedAverage] {
            var c = TrainingSample.configuration(architecture, normalization: normalization)
            c.orthogonality = 0
            try expectGradients(of: FirstStep(c))
        }
    }

    @Test("a gated SAE may train its decoder by the gate too")
    func gatedWithoutFreezing() throws {
        var c = TrainingSample.configuration(.gated)
        c.freezesDecoderForGate = false
        c.decoderNorm = .free
        c.initialDecoderNorm = 0.3
        c.initialEncoderNorm = 0.3
        try expectGradients(of: FirstStep(c))
    }

    private func expectGradients(of first: FirstStep) throws {
        let (c, plain) = (first.configuration, first.plain)
        let loss = plain(first.before)
        #expect(abs(first.metrics.loss - loss) < 1e-5 * max(1, loss), "loss \(first.metrics.loss), \(loss)")
        for name in first.before.keys.sorted() where name != "threshold" {
            var wanted = plain.gradient(name, at: first.before)
            if name == "W_dec" && c.decoderNorm == .unit { removeRadialPart(&wanted, first.before[name]!, c.dIn) }
            let found = try first.after.firstGradient(name)
            let size = wanted.map(abs).max() ?? 0
            let worst = zip(found, wanted).map { abs($0 - $1) }.max() ?? .nan
            #expect(found.count == wanted.count && worst < 2e-4 * max(size, 0.1), "\(name): \(worst) of \(size)")
            #expect(size > 1e-3, "\(name) has no gradient, so nothing was tested")
        }
    }

    @Test("clipping scales all gradients by one factor, to the limit of their common norm")
    func clipping() throws {
        var c = TrainingSample.configuration(.topk)
        let free = try FirstStep(c)
        c.gradientClip = 0.5
        let clipped = try FirstStep(c)
        let names = free.before.keys.sorted()
        let (all, scaled) = (
            try names.flatMap { try free.after.firstGradient($0) },
            try names.flatMap { try clipped.after.firstGradient($0) }
        )
        let norm = all.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(norm > 0.5, "the norm is only \(norm), so nothing was clipped")
        let worst = zip(all, scaled).map { abs($0 * 0.5 / norm - $1) }.max() ?? .nan
        #expect(worst < 1e-6, "off by \(worst)")
    }

    private func removeRadialPart(_ gradient: inout [Double], _ rows: [Double], _ dIn: Int) {
        for start in stride(from: 0, to: rows.count, by: dIn) {
            let along = (0..<dIn).reduce(0.0) { $0 + gradient[start + $1] * rows[start + $1] }
            for i in 0..<dIn { gradient[start + i] -= along * rows[start + i] }
        }
    }

    @Test("thresholds of a JumpReLU SAE learn by the straight-through estimator")
    func straightThrough() throws {
        let c = TrainingSample.configuration(.jumprelu)
        let first = try FirstStep(c)
        let (p, n) = (first.before, Double(c.batchSize))
        let (width, weight) = (Double(c.bandwidth), Double(c.sparsityCoefficient!))
        var wanted = [Double](repeating: 0, count: c.dSAE)
        for x in first.batch {
            let centred = zip(x, p["b_dec"]!).map { $0 - $1 }
            let pre = (0..<c.dSAE).map { j in
                (0..<c.dIn).reduce(p["b_enc"]![j]) { $0 + p["W_enc_T"]![j * c.dIn + $1] * centred[$1] }
            }
            var error = centred.map { -$0 }
            for j in 0..<c.dSAE where pre[j] > p["threshold"]![j] {
                for i in 0..<c.dIn { error[i] += pre[j] * p["W_dec"]![j * c.dIn + i] }
            }
            for j in 0..<c.dSAE where abs(pre[j] - p["threshold"]![j]) < width / 2 {
                let byCode = (0..<c.dIn).reduce(0.0) { $0 + 2 / n * p["W_dec"]![j * c.dIn + $1] * error[$1] }
                wanted[j] -= p["threshold"]![j] / width * byCode + weight / n / width
            }
        }
        let found = try first.after.firstGradient("threshold")
        let worst = zip(found, wanted).map { abs($0 - $1) }.max() ?? .nan
        #expect(worst < 1e-4 * (wanted.map(abs).max() ?? 0), "off by \(worst)")
        #expect(wanted.count { $0 != 0 } > 12, "few codes lay near their thresholds")
    }

    @Test("neurons that write alike are driven apart by the gradient of their greatest cosine")
    func orthogonality() throws {
        // One chunk, so that which pairs count does not depend on the draw.
        var c = TrainingSample.configuration(.orthogonal)
        c.orthogonalityChunk = c.dSAE
        let with = try FirstStep(c)
        c.orthogonality = 0
        let without = try FirstStep(c)
        let rows = with.before["W_dec"]!
        func penalty(_ rows: [Double]) -> Double {
            let unit = (0..<24).map { j in
                let row = Array(rows[j * 8..<(j + 1) * 8])
                let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return row.map { $0 / norm }
            }
            var sum = 0.0
            for i in 0..<24 {
                var best = 0.0
                for j in 0..<24 where j != i {
                    best = max(best, zip(unit[i], unit[j]).reduce(0.0) { $0 + $1.0 * $1.1 })
                }
                sum += best * best
            }
            return 0.25 * sum
        }
        #expect(abs(with.metrics.loss - without.metrics.loss - penalty(rows)) < 1e-4)
        let difference = zip(
            try with.after.firstGradient("W_dec"), try without.after.firstGradient("W_dec")
        ).map { $0 - $1 }
        for i in stride(from: 0, to: rows.count, by: 7) {
            var (up, down) = (rows, rows)
            up[i] += 1e-5
            down[i] -= 1e-5
            let wanted = (penalty(up) - penalty(down)) / 2e-5
            #expect(abs(difference[i] - wanted) < 1e-3, "entry \(i): \(difference[i]), \(wanted)")
        }
    }
}
