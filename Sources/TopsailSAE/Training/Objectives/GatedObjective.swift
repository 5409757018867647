import Foundation
import TopsailCore
import TopsailTensor

/// Gated SAEs (Rajamanoharan et al. 2024, arXiv 2404.16014): a gate decides whether a neuron is active, a rescaled copy of the
/// same encoder how strongly.
///
/// With `u = (x − b_dec) · W_enc`, gate `π = u + b_gate` and magnitude `m = exp(r_mag) · u + b_mag`, active where π and m are
/// positive. The loss is `‖x − x̂(m)‖² + λ Σ ReLU(π)‖W_dec[j]‖ + ‖x − x̂(ReLU(π))‖²`; the last term trains the gate, through a
/// decoder that it leaves alone. The core's encoder bias is b_gate.
final class GatedObjective: TrainingObjective, @unchecked Sendable {
    let logScale: TrainedParameter
    let magnitudeBias: TrainedParameter
    /// Codes by the gate alone.
    private let gate: GradientChannel
    private var norms: [Float] = []

    override init(
        _ core: TrainingCore, levels: Int = 1,
        mainTargets: GradientChannel.Targets = [.encoder, .decoder, .decoderBias],
        revivalTargets: GradientChannel.Targets = [.encoder, .decoder]
    ) {
        let c = core.configuration
        logScale = TrainedParameter("r_mag", columns: c.dSAE)
        magnitudeBias = TrainedParameter("b_mag", columns: c.dSAE)
        gate = GradientChannel(
            rows: c.batchSize, dIn: c.dIn, neurons: c.dSAE, factor: core.lossFactor,
            targets: c.freezesDecoderForGate ? [.encoder] : [.encoder, .decoder, .decoderBias])
        super.init(core, levels: levels, mainTargets: mainTargets, revivalTargets: revivalTargets)
    }

    override var channels: [GradientChannel] { super.channels + [gate] }
    override var parameters: [TrainedParameter] { [logScale, magnitudeBias] }

    override func makeSelector() -> any CandidateSelector { FloorSelector(floor: 0) }

    override func prepare(_ step: TrainingStep) { norms = decoderNorms() }

    override func resolve(_ candidates: [[ActiveFeature]], _ step: TrainingStep) {
        gate.codes.fill(candidates)
        let scales = (0..<configuration.dSAE).map { Foundation.exp(logScale.pointer[$0]) }
        let (gateBias, bias) = (core.encoderBias.pointer, magnitudeBias.pointer)
        main.codes.fill(
            candidates.map { row in
                row.compactMap { feature in
                    let j = Int(feature.index)
                    let magnitude = scales[j] * (feature.value - gateBias[j]) + bias[j]
                    return magnitude > 0 ? ActiveFeature(index: feature.index, value: magnitude) : nil
                }
            })
    }

    override func differentiate(row: Int, _ step: TrainingStep) {
        super.differentiate(row: row, step)
        for entry in main.codes.entries(of: row) {
            main.codes.gradients[entry] *= Foundation.exp(logScale.pointer[Int(main.codes.indices[entry])])
        }
        var penalty: Float = 0
        let byGate = core.reconstruct(gate, row: row)
        let share = step.sparsity / Float(configuration.batchSize)
        for entry in gate.codes.entries(of: row) {
            let norm = norms[Int(gate.codes.indices[entry])]
            penalty += gate.codes.values[entry] * norm
            gate.codes.gradients[entry] += share * norm
        }
        core.penalties.pointer[row] += byGate + step.sparsity * penalty
    }

    override func biasGradients(
        _ sums: UnsafePointer<Float>, _ step: TrainingStep
    ) -> [(parameter: TrainedParameter, gradient: [Float])] {
        let dSAE = configuration.dSAE
        let gateSums = (0..<dSAE).map { gate.lists.gradientSum(of: $0) }
        var (scaleGradient, biasGradient) = (gateSums, gateSums)
        for j in 0..<dSAE {
            let (scale, bias, lists) = (Foundation.exp(logScale.pointer[j]), magnitudeBias.pointer[j], main.lists)
            // ∂m/∂r_mag = exp(r_mag) · u = m − b_mag; gradients hold exp(r_mag) · ∂loss/∂m.
            var (byScale, byBias): (Float, Float) = (0, 0)
            for entry in lists.entries(of: j) {
                byBias += lists.gradients[entry]
                byScale += lists.gradients[entry] * (lists.values[entry] / main.factor - bias)
            }
            scaleGradient[j] = byScale / scale
            biasGradient[j] = byBias / scale
        }
        return [
            (core.encoderBias, raisingDead(gateSums, norms: norms, step)), (logScale, scaleGradient),
            (magnitudeBias, biasGradient),
        ]
    }

    override func addDecoderGradient(of neuron: Int, into gradient: UnsafeMutablePointer<Float>, _ step: TrainingStep) {
        if !configuration.freezesDecoderForGate {
            addNormGradient(of: neuron, gate, norms: norms, into: gradient, step)
        }
    }
}
