import TopsailTensor

extension SAETrainer {
    /// Neurons of one piece of work.
    private static var neuronsPerBlock: Int { 32 }

    /// From the derivatives by the codes to new weights.
    func backward(_ step: TrainingStep) {
        for channel in objective.channels { channel.sortByNeuron() }
        let sums = FloatMatrix(rows: 1, columns: configuration.encoderUnits)
        sumPreActivations(into: sums.pointer)
        var vectors = objective.biasGradients(sums.pointer, step)
        vectors.append((core.decoderBias, decoderBiasGradient(sums.pointer)))
        fillEncoderGradient()
        fillDecoderGradient(step)
        let scale = clippingScale(vectors)
        for (parameter, gradient) in vectors {
            parameter.update(step.adam, gradient: scale < 1 ? gradient.map { $0 * scale } : gradient)
        }
        updateRows(of: core.encoder, step.adam, gradients.encoder, scale: scale)
        updateRows(of: core.decoder, step.adam, gradients.decoder, scale: scale)
        if configuration.decoderNorm == .unit { normaliseDecoder() }
        objective.finish(step)
    }

    /// What all gradients are multiplied by so that their norm is not above the limit.
    private func clippingScale(_ vectors: [(parameter: TrainedParameter, gradient: [Float])]) -> Float {
        guard let limit = configuration.gradientClip else { return 1 }
        var squares = 0.0
        for (_, gradient) in vectors { squares += Double(LinearAlgebra.dot(gradient, gradient, count: gradient.count)) }
        for row in 0..<configuration.encoderUnits { squares += Double(gradients.encoderSquares.pointer[row]) }
        for row in 0..<configuration.dSAE { squares += Double(gradients.decoderSquares.pointer[row]) }
        return Float(min(1, Double(limit) / max(squares.squareRoot(), 1e-12)))
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
    private func decoderBiasGradient(_ sums: UnsafePointer<Float>) -> [Float] {
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
        return gradient
    }

    private func fillEncoderGradient() {
        let core = core
        let channels = objective.channels.filter { $0.targets.contains(.encoder) }
        forRows(gradients.encoder, squares: gradients.encoderSquares) { unit, gradient in
            for channel in channels { channel.addEncoderGradient(of: unit, inputs: core.centred, into: gradient) }
        }
    }

    /// The part of the gradient along a unit row would only change its norm, and Adam would spend moments on it.
    private func fillDecoderGradient(_ step: TrainingStep) {
        let (core, objective, dIn) = (core, objective, configuration.dIn)
        nonisolated(unsafe) let alikeness = orthogonality?.gradient.pointer
        let isUnit = configuration.decoderNorm == .unit
        let channels = objective.channels.filter { $0.targets.contains(.decoder) }
        forRows(gradients.decoder, squares: gradients.decoderSquares) { neuron, gradient in
            for channel in channels { channel.addDecoderGradient(of: neuron, into: gradient) }
            objective.addDecoderGradient(of: neuron, into: gradient, step)
            if let alikeness { LinearAlgebra.axpy(1, alikeness + neuron * dIn, into: gradient, count: dIn) }
            guard isUnit else { return }
            let row = core.decoderRow(neuron)
            LinearAlgebra.axpy(-LinearAlgebra.dot(gradient, row, count: dIn), row, into: gradient, count: dIn)
        }
    }

    /// Zeroes each row, has `body` add to it, and notes its squared norm.
    private func forRows(
        _ matrix: borrowing FloatMatrix, squares: borrowing FloatMatrix,
        _ body: @Sendable (Int, UnsafeMutablePointer<Float>) -> Void
    ) {
        let (rows, dIn) = (matrix.rows, matrix.columns)
        nonisolated(unsafe) let (values, squares) = (matrix.pointer, squares.pointer)
        Parallel.forEach(count: (rows + Self.neuronsPerBlock - 1) / Self.neuronsPerBlock) { block in
            for row in block * Self.neuronsPerBlock..<min(rows, (block + 1) * Self.neuronsPerBlock) {
                let gradient = values + row * dIn
                gradient.update(repeating: 0, count: dIn)
                body(row, gradient)
                squares[row] = LinearAlgebra.dot(gradient, gradient, count: dIn)
            }
        }
    }

    private func updateRows(
        of parameter: TrainedParameter, _ adam: AdamStep, _ gradient: borrowing FloatMatrix, scale: Float
    ) {
        let dIn = gradient.columns
        nonisolated(unsafe) let values = gradient.pointer
        Parallel.forRanges(count: gradient.rows, minimum: Self.neuronsPerBlock) { rows in
            let (first, count) = (rows.lowerBound * dIn, rows.count * dIn)
            if scale < 1 { for i in first..<first + count { values[i] *= scale } }
            parameter.update(adam, offset: first, count: count, gradient: values + first)
        }
    }

    /// Takes back what is left of a change in norm.
    private func normaliseDecoder() {
        let (core, dIn) = (core, configuration.dIn)
        Parallel.forRanges(count: configuration.dSAE, minimum: Self.neuronsPerBlock) { neurons in
            for neuron in neurons {
                let row = core.decoderRow(neuron)
                let scale = 1 / LinearAlgebra.norm(row, count: dIn)
                for i in 0..<dIn { row[i] *= scale }
            }
        }
    }
}
