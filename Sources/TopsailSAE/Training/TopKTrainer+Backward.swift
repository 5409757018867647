import TopsailTensor

extension TopKTrainer {
    /// Neurons of one piece of work.
    private static var neuronsPerBlock: Int { 32 }

    /// From the workspace's derivatives to new weights. Gradient and update of a neuron's rows are one visit: the gradient of
    /// the whole matrix never exists.
    func backward(_ adam: AdamStep) {
        workspace.lists.fill(from: workspace.codes, factor: lossFactor)
        workspace.auxLists.fill(from: workspace.auxCodes, factor: auxLossFactor)
        let dSAE = configuration.dSAE
        let biasGradients = FloatMatrix(rows: 1, columns: dSAE)
        nonisolated(unsafe) let (trainer, bias) = (self, biasGradients.pointer)
        Parallel.forRanges(count: dSAE, minimum: 256) { neurons in
            for neuron in neurons {
                bias[neuron] =
                    trainer.workspace.lists.gradientSum(of: neuron) + trainer.workspace.auxLists.gradientSum(of: neuron)
            }
        }
        // Its gradient needs the encoder as it was in the forward pass, so b_dec goes first.
        updateDecoderBias(adam, biasGradients: biasGradients)
        encoderBias.update(adam, offset: 0, count: dSAE, gradient: bias)
        Parallel.forEach(count: (dSAE + Self.neuronsPerBlock - 1) / Self.neuronsPerBlock) { block in
            let neurons = block * Self.neuronsPerBlock..<min(dSAE, (block + 1) * Self.neuronsPerBlock)
            trainer.updateRows(of: neurons, adam)
        }
    }

    /// `∂/∂b_dec = 2/B Σ e − Σ_j (∂/∂b_enc[j]) W_enc[j]`: it is added to the output and subtracted from the input.
    private func updateDecoderBias(_ adam: AdamStep, biasGradients: borrowing FloatMatrix) {
        let (dIn, dSAE, groups) = (configuration.dIn, configuration.dSAE, 8)
        let partial = FloatMatrix(rows: groups, columns: dIn)
        let negated = (0..<dSAE).map { -biasGradients.pointer[$0] }
        nonisolated(unsafe) let (trainer, sums) = (self, partial.pointer)
        // A fixed number of groups, added in order, whatever the number of threads.
        Parallel.forEach(count: groups) { group in
            let neurons = dSAE * group / groups..<dSAE * (group + 1) / groups
            negated.withUnsafeBufferPointer { weights in
                SparseRows.addWeighted(
                    rows: trainer.encoder.values.pointer + neurons.lowerBound * dIn, stride: dIn,
                    indices: trainer.workspace.counting, weights: weights.baseAddress! + neurons.lowerBound,
                    count: neurons.count, into: sums + group * dIn, width: dIn)
            }
        }
        var gradient = [Float](repeating: 0, count: dIn)
        addRows(of: workspace.errors, count: configuration.batchSize, weight: lossFactor, into: &gradient)
        addRows(of: partial, count: groups, weight: 1, into: &gradient)
        decoderBias.update(adam, offset: 0, count: dIn, gradient: gradient)
    }

    private func updateRows(of neurons: Range<Int>, _ adam: AdamStep) {
        let dIn = configuration.dIn
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * dIn) { buffer in
            let (decoderGradient, encoderGradient) = (buffer.baseAddress!, buffer.baseAddress! + dIn)
            for neuron in neurons {
                buffer.initialize(repeating: 0)
                addGradients(of: neuron, workspace.lists, errors: workspace.errors, decoderGradient, encoderGradient)
                addGradients(
                    of: neuron, workspace.auxLists, errors: workspace.auxErrors, decoderGradient, encoderGradient)
                encoder.update(adam, offset: neuron * dIn, count: dIn, gradient: encoderGradient)
                updateDecoderRow(neuron, adam, gradient: decoderGradient)
            }
        }
    }

    /// `∂/∂W_dec[j] = Σ f e` and `∂/∂W_enc[j] = Σ ∂f (x − b_dec)` over the rows on which neuron j is active.
    private func addGradients(
        of neuron: Int, _ lists: NeuronLists, errors: borrowing FloatMatrix,
        _ decoderGradient: UnsafeMutablePointer<Float>,
        _ encoderGradient: UnsafeMutablePointer<Float>
    ) {
        let entries = lists.entries(of: neuron)
        guard !entries.isEmpty else { return }
        let (dIn, rows) = (configuration.dIn, lists.rows + entries.lowerBound)
        SparseRows.addWeighted(
            rows: errors.pointer, stride: dIn, indices: rows, weights: lists.values + entries.lowerBound,
            count: entries.count, into: decoderGradient, width: dIn)
        SparseRows.addWeighted(
            rows: workspace.centred.pointer, stride: dIn, indices: rows, weights: lists.gradients + entries.lowerBound,
            count: entries.count, into: encoderGradient, width: dIn)
    }

    /// The part of the gradient along a unit row would only change its norm, and Adam would spend moments on it; what is left
    /// of a change in norm after the step is taken back.
    private func updateDecoderRow(_ neuron: Int, _ adam: AdamStep, gradient: UnsafeMutablePointer<Float>) {
        let dIn = configuration.dIn
        let row = decoder.values.pointer + neuron * dIn
        let along = LinearAlgebra.dot(gradient, row, count: dIn)
        LinearAlgebra.axpy(-along, row, into: gradient, count: dIn)
        decoder.update(adam, offset: neuron * dIn, count: dIn, gradient: gradient)
        let scale = 1 / LinearAlgebra.norm(row, count: dIn)
        for i in 0..<dIn { row[i] *= scale }
    }
}
