import Foundation
import TopsailCore
import TopsailTensor

/// KronSAE (Kurochkin et al. 2025, arXiv 2505.22255): the encoder has h heads of m + n units, and each pair of units of the two
/// kinds in a head makes a neuron: `z = √(p q)` where both ReLUs are positive (mAND), then TopK. A decoder row each, as ever.
///
/// Unit `head · (m + n) + a` is p_a and `head · (m + n) + m + c` is q_c; neuron `head · m n + a n + c` is their pair. The
/// encoder, `[h (m + n), d_in]`, shrinks by m n / (m + n).
final class KronObjective: TrainingObjective, @unchecked Sendable {
    private let shape: KronShape
    /// Codes over units of the encoder; gradients are derivatives by their pre-activations.
    private let units: GradientChannel
    /// Units' pre-activations. Shape `[batch, h (m + n)]`.
    private let pre: FloatMatrix

    init(_ core: TrainingCore) {
        let c = core.configuration
        shape = c.kronShape
        units = GradientChannel(
            rows: c.batchSize, dIn: c.dIn, neurons: c.encoderUnits, factor: core.lossFactor, targets: .encoder,
            keepsErrors: false)
        pre = FloatMatrix(rows: c.batchSize, columns: c.encoderUnits)
        super.init(core, mainTargets: [.decoder, .decoderBias], revivalTargets: .decoder)
    }

    override var channels: [GradientChannel] { super.channels + [units] }

    override func makeSelector() -> any CandidateSelector { TopKSelector(k: configuration.k) }

    override func initialise(_ generator: inout SeededGenerator) {
        let dIn = configuration.dIn
        for unit in 0..<configuration.encoderUnits {
            Self.fillRandomDirection(core.encoder.pointer + unit * dIn, count: dIn, norm: 1, &generator)
        }
        // A neuron writes the direction that excites both of its units.
        for neuron in 0..<configuration.dSAE {
            let (row, pair) = (core.decoderRow(neuron), shape.units(of: neuron))
            let (p, q) = (core.encoder.pointer + pair.p * dIn, core.encoder.pointer + pair.q * dIn)
            for i in 0..<dIn { row[i] = p[i] + q[i] }
            let scale = 1 / LinearAlgebra.norm(row, count: dIn)
            for i in 0..<dIn { row[i] *= scale }
        }
    }

    override func visitPreActivations(
        rows: Range<Int>, _ visit: (_ row: Int, _ pre: UnsafePointer<Float>, _ first: Int, _ count: Int) -> Void
    ) {
        let (dIn, count) = (configuration.dIn, configuration.encoderUnits)
        LinearAlgebra.serialGemm(
            transA: false, transB: true, m: rows.count, n: count, k: dIn, alpha: 1,
            a: core.input(row: rows.lowerBound), lda: dIn, b: core.encoder.pointer, ldb: dIn, beta: 0,
            c: pre.pointer + rows.lowerBound * count, ldc: count)
        let bias = core.encoderBias.pointer
        for row in rows {
            let values = pre.pointer + row * count
            for unit in 0..<count { values[unit] += bias[unit] }
        }
        let scratch = FloatMatrix(rows: 1, columns: configuration.dSAE)
        let (perHead, unitsPerHead) = (shape.m * shape.n, shape.m + shape.n)
        for row in rows {
            for head in 0..<shape.heads {
                shape.pair(
                    pre.pointer + row * count + head * unitsPerHead, into: scratch.pointer + head * perHead)
            }
            visit(row - rows.lowerBound, scratch.pointer, 0, configuration.dSAE)
        }
    }

    override func resolve(_ candidates: [[ActiveFeature]], _ step: TrainingStep) { main.codes.fill(candidates) }

    override func willDifferentiate() {
        // Two entries for every code, the living first; values are not used.
        units.codes.fill(
            (0..<configuration.batchSize).map { row in
                [main, revival].compactMap { $0?.codes }.flatMap { codes in
                    codes.entries(of: row).flatMap { entry in
                        let pair = shape.units(of: Int(codes.indices[entry]))
                        return [
                            ActiveFeature(index: Int32(pair.p), value: 0),
                            ActiveFeature(index: Int32(pair.q), value: 0),
                        ]
                    }
                }
            })
    }

    /// `∂z/∂p = ½ √(q/p)` and likewise for q, where both are positive, as they are for every code.
    override func didDifferentiate(row: Int) {
        let values = pre.pointer + row * configuration.encoderUnits
        var place = units.codes.entries(of: row).lowerBound
        for codes in [main, revival].compactMap({ $0?.codes }) {
            for entry in codes.entries(of: row) {
                let (p, q) = (values[Int(units.codes.indices[place])], values[Int(units.codes.indices[place + 1])])
                units.codes.gradients[place] = codes.gradients[entry] * 0.5 * (q / p).squareRoot()
                units.codes.gradients[place + 1] = codes.gradients[entry] * 0.5 * (p / q).squareRoot()
                place += 2
            }
        }
    }
}
