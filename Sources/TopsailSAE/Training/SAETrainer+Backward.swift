import TopsailTensor

extension SAETrainer {
    /// Neurons of one piece of work.
    private static var neuronsPerBlock: Int { 32 }

    /// From the derivatives by the codes to new weights. Gradient and update of a row are one visit: the gradient of the whole
    /// matrix never exists.
    func backward(_ step: TrainingStep) {
        for channel in objective.channels { channel.sortByNeuron() }
        let sums = FloatMatrix(rows: 1, columns: configuration.encoderUnits)
        sumPreActivations(into: sums.pointer)
        // Its gradient needs the encoder as it was in the forward pass, so b_dec goes first.
        updateDecoderBias(step, sums: sums.pointer)
        objective.updateBiases(sums.pointer, step)
        updateEncoder(step)
        updateDecoder(step)
        objective.finish(step)
    }

    /// For each unit of the encoder the derivative by its pre-activation, summed over the batch.
    private func sumPreActivations(into sums: UnsafeMutablePointer<Float>) {
        let channels = objective.channels.filter { $0.targets.contains(.encoder) }
        nonisolated(unsafe) let sums = sums
        Parallel.forRanges(count: configuration.encoderUnits, minimum: 256) { units in
            for unit in units { sums[unit] = channels.reduce(0) { $0 + $1.lists.gradientSum(of: unit) } }
        }
    }

    /// `∂/∂b_dec = 2/B Σ e − Σ_j (∂/∂b_enc[j]) W_enc[j]`: it is added to the output and subtracted from the input.
    private func updateDecoderBias(_ step: TrainingStep, sums: UnsafePointer<Float>) {
        let (dIn, units, groups) = (configuration.dIn, configuration.encoderUnits, 8)
        let partial = FloatMatrix(rows: groups, columns: dIn)
        let negated = (0..<units).map { -sums[$0] }
        let core = core
        nonisolated(unsafe) let parts = partial.pointer
        // A fixed number of groups, added in order, whatever the number of threads.
        Parallel.forEach(count: groups) { group in
            let range = units * group / groups..<units * (group + 1) / groups
            negated.withUnsafeBufferPointer { weights in
                SparseRows.addWeighted(
                    rows: core.encoder.pointer + range.lowerBound * dIn, stride: dIn, indices: core.counting,
                    weights: weights.baseAddress! + range.lowerBound, count: range.count, into: parts + group * dIn,
                    width: dIn)
            }
        }
        var gradient = [Float](repeating: 0, count: dIn)
        for channel in objective.channels where channel.targets.contains(.decoderBias) {
            core.addRows(
                of: channel.errors.pointer, stride: channel.levels * dIn, count: configuration.batchSize,
                weight: channel.factor, into: &gradient)
        }
        core.addRows(of: partial.pointer, stride: dIn, count: groups, weight: 1, into: &gradient)
        core.decoderBias.update(step.adam, gradient: gradient)
    }

    private func updateEncoder(_ step: TrainingStep) {
        let core = core
        let channels = objective.channels.filter { $0.targets.contains(.encoder) }
        forRows(count: configuration.encoderUnits) { unit, gradient in
            for channel in channels { channel.addEncoderGradient(of: unit, inputs: core.centred, into: gradient) }
            let dIn = core.configuration.dIn
            core.encoder.update(step.adam, offset: unit * dIn, count: dIn, gradient: gradient)
        }
    }

    private func updateDecoder(_ step: TrainingStep) {
        nonisolated(unsafe) let trainer = self
        let objective = objective
        let channels = objective.channels.filter { $0.targets.contains(.decoder) }
        forRows(count: configuration.dSAE) { neuron, gradient in
            for channel in channels { channel.addDecoderGradient(of: neuron, into: gradient) }
            objective.addDecoderGradient(of: neuron, into: gradient, step)
            trainer.updateDecoderRow(neuron, step.adam, gradient: gradient)
        }
    }

    /// Calls `body` with each row and a zeroed gradient for it.
    private func forRows(count: Int, _ body: @Sendable (Int, UnsafeMutablePointer<Float>) -> Void) {
        let dIn = configuration.dIn
        Parallel.forEach(count: (count + Self.neuronsPerBlock - 1) / Self.neuronsPerBlock) { block in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: dIn) { gradient in
                for row in block * Self.neuronsPerBlock..<min(count, (block + 1) * Self.neuronsPerBlock) {
                    gradient.initialize(repeating: 0)
                    body(row, gradient.baseAddress!)
                }
            }
        }
    }

    /// The part of the gradient along a unit row would only change its norm, and Adam would spend moments on it; what is left
    /// of a change in norm after the step is taken back.
    private func updateDecoderRow(_ neuron: Int, _ adam: AdamStep, gradient: UnsafeMutablePointer<Float>) {
        let dIn = configuration.dIn
        let row = core.decoderRow(neuron)
        if let orthogonality {
            LinearAlgebra.axpy(1, orthogonality.gradient.pointer + neuron * dIn, into: gradient, count: dIn)
        }
        if configuration.decoderNorm == .unit {
            LinearAlgebra.axpy(-LinearAlgebra.dot(gradient, row, count: dIn), row, into: gradient, count: dIn)
        }
        core.decoder.update(adam, offset: neuron * dIn, count: dIn, gradient: gradient)
        if configuration.decoderNorm == .unit {
            let scale = 1 / LinearAlgebra.norm(row, count: dIn)
            for i in 0..<dIn { row[i] *= scale }
        }
    }
}
