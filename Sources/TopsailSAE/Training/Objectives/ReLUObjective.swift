import TopsailCore

/// ReLU with an L1 penalty (Bricken et al. 2023), each activation weighted by its decoder row's norm (Anthropic, April 2024
/// update): the penalty cannot be evaded by small activations with long rows.
final class ReLUObjective: TrainingObjective, @unchecked Sendable {
    private var norms: [Float] = []

    override func makeSelector() -> any CandidateSelector { FloorSelector(floor: 0) }

    override func prepare(_ step: TrainingStep) { norms = decoderNorms() }

    override func differentiate(row: Int, _ step: TrainingStep) {
        super.differentiate(row: row, step)
        let share = step.sparsity / Float(configuration.batchSize)
        var penalty: Float = 0
        for entry in main.codes.entries(of: row) {
            let norm = norms[Int(main.codes.indices[entry])]
            penalty += main.codes.values[entry] * norm
            main.codes.gradients[entry] += share * norm
        }
        core.penalties.pointer[row] += step.sparsity * penalty
    }

    override func biasGradients(
        _ sums: UnsafePointer<Float>, _ step: TrainingStep
    ) -> [(parameter: TrainedParameter, gradient: [Float])] {
        [(core.encoderBias, raisingDead(sums, norms: norms, step))]
    }

    override func addDecoderGradient(of neuron: Int, into gradient: UnsafeMutablePointer<Float>, _ step: TrainingStep) {
        addNormGradient(of: neuron, main, norms: norms, into: gradient, step)
    }
}
