/// What architectures with a penalty on activity share.
extension TrainingObjective {
    /// `‖W_dec[j]‖` of every neuron.
    func decoderNorms() -> [Float] { (0..<configuration.dSAE).map { core.decoderNorm($0) } }

    /// Derivatives by the biases in which those of dead neurons ask for more, as if each missed its threshold on every token:
    /// the pre-activation loss of Anthropic's January 2025 update, on the bias alone.
    func raisingDead(_ sums: UnsafePointer<Float>, norms: [Float], _ step: TrainingStep) -> [Float] {
        var gradient = Array(UnsafeBufferPointer(start: sums, count: configuration.encoderUnits))
        for neuron in step.dead { gradient[Int(neuron)] -= configuration.deadBiasCoefficient * norms[Int(neuron)] }
        return gradient
    }

    /// The derivative of `sparsity / batch · Σ value · ‖W_dec[j]‖` by a decoder row.
    func addNormGradient(
        of neuron: Int, _ channel: GradientChannel, norms: [Float], into gradient: UnsafeMutablePointer<Float>,
        _ step: TrainingStep
    ) {
        guard configuration.decoderNorm == .free, norms[neuron] > 0 else { return }
        let sum = channel.lists.valueSum(of: neuron) / channel.factor / Float(configuration.batchSize)
        let (row, scale) = (core.decoderRow(neuron), step.sparsity * sum / norms[neuron])
        for i in 0..<configuration.dIn { gradient[i] += scale * row[i] }
    }
}
