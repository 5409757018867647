import TopsailCore
import TopsailTensor

/// JumpReLU with an L0 penalty (Rajamanoharan et al. 2024, arXiv 2407.14435): each neuron learns the threshold its
/// pre-activation must exceed.
///
/// Neither step has a derivative by the threshold θ; a straight-through estimator stands in, with the rectangle K of width ε:
/// `∂f/∂θ = −θ/ε · K((pre − θ)/ε)` and `∂H/∂θ = −1/ε · K((pre − θ)/ε)`. Only thresholds learn by it.
final class JumpReLUObjective: TrainingObjective, @unchecked Sendable {
    let thresholds: TrainedParameter
    /// Codes within half a width of their threshold, active or not; gradients are derivatives by θ.
    private let window: GradientChannel
    private let floors: FloatMatrix
    private var lowestFloor: Float = 0
    private var norms: [Float] = []

    override init(
        _ core: TrainingCore, levels: Int = 1,
        mainTargets: GradientChannel.Targets = [.encoder, .decoder, .decoderBias],
        revivalTargets: GradientChannel.Targets = [.encoder, .decoder]
    ) {
        let c = core.configuration
        thresholds = TrainedParameter("threshold", columns: c.dSAE)
        floors = FloatMatrix(rows: 1, columns: c.dSAE)
        window = GradientChannel(
            rows: c.batchSize, dIn: c.dIn, neurons: c.dSAE, factor: core.lossFactor, targets: [],
            keepsErrors: false)
        super.init(core, levels: levels, mainTargets: mainTargets, revivalTargets: revivalTargets)
        thresholds.fill(c.initialThreshold)
    }

    override var channels: [GradientChannel] { super.channels + [window] }
    override var parameters: [TrainedParameter] { [thresholds] }

    override func makeSelector() -> any CandidateSelector {
        FloorsSelector(floors: floors.pointer, lowest: lowestFloor)
    }

    override func prepare(_ step: TrainingStep) {
        lowestFloor = .infinity
        for j in 0..<configuration.dSAE {
            floors.pointer[j] = thresholds.pointer[j] - configuration.bandwidth / 2
            lowestFloor = min(lowestFloor, floors.pointer[j])
        }
        norms = decoderNorms()
    }

    override func resolve(_ candidates: [[ActiveFeature]], _ step: TrainingStep) {
        let (thresholds, half) = (thresholds.pointer, configuration.bandwidth / 2)
        main.codes.fill(candidates.map { row in row.filter { $0.value > thresholds[Int($0.index)] } })
        window.codes.fill(candidates.map { row in row.filter { $0.value - thresholds[Int($0.index)] < half } })
    }

    override func differentiate(row: Int, _ step: TrainingStep) {
        super.differentiate(row: row, step)
        core.penalties.pointer[row] += step.sparsity * Float(main.codes.entries(of: row).count)
        let entries = window.codes.entries(of: row)
        core.differentiate(window.codes, entries: entries, error: main.error(row: row), factor: main.factor)
        let (width, share) = (configuration.bandwidth, step.sparsity / Float(configuration.batchSize))
        for entry in entries {
            let threshold = thresholds.pointer[Int(window.codes.indices[entry])]
            window.codes.gradients[entry] = -(threshold * window.codes.gradients[entry] + share) / width
        }
    }

    override func biasGradients(
        _ sums: UnsafePointer<Float>, _ step: TrainingStep
    ) -> [(parameter: TrainedParameter, gradient: [Float])] {
        let gradient = (0..<configuration.dSAE).map { window.lists.gradientSum(of: $0) }
        return [(core.encoderBias, raisingDead(sums, norms: norms, step)), (thresholds, gradient)]
    }

    override func finish(_ step: TrainingStep) {
        // Below zero the gate would let negative pre-activations through.
        for j in 0..<configuration.dSAE { thresholds.pointer[j] = max(0, thresholds.pointer[j]) }
    }
}
