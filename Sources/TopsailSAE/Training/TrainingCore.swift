import TopsailTensor

/// Weights and buffers that all architectures share, and the arithmetic on them.
final class TrainingCore: @unchecked Sendable {
    let configuration: TrainingConfiguration
    /// What activations are multiplied by before anything else.
    let inputScale: Float

    /// `W_encᵀ`, `[units, d_in]`, and likewise the rest of the weights, all in scaled units.
    let encoder: TrainedParameter
    let encoderBias: TrainedParameter
    /// `[d_sae, d_in]`.
    let decoder: TrainedParameter
    let decoderBias: TrainedParameter

    /// Scaled activations minus `b_dec`. Shape `[batch, d_in]`.
    let centred: FloatMatrix
    /// Squared errors of each row's reconstruction.
    let losses: FloatMatrix
    /// What else the loss has for each row, weights included.
    let penalties: FloatMatrix
    /// 0, 1, 2, …, for sums over all rows or all neurons.
    let counting: [Int32]

    init(_ configuration: TrainingConfiguration, inputScale: Float) {
        self.configuration = configuration
        self.inputScale = inputScale
        let (batch, dIn, dSAE) = (configuration.batchSize, configuration.dIn, configuration.dSAE)
        let units = configuration.encoderUnits
        encoder = TrainedParameter("W_enc_T", rows: units, columns: dIn)
        encoderBias = TrainedParameter("b_enc", columns: units)
        decoder = TrainedParameter("W_dec", rows: dSAE, columns: dIn)
        decoderBias = TrainedParameter("b_dec", columns: dIn)
        centred = FloatMatrix(rows: batch, columns: dIn)
        losses = FloatMatrix(rows: 1, columns: batch)
        penalties = FloatMatrix(rows: 1, columns: batch)
        counting = (0..<Int32(max(batch, dSAE, units))).map { $0 }
    }

    var parameters: [TrainedParameter] { [encoder, encoderBias, decoder, decoderBias] }

    /// The loss is the mean over the batch of ‖e‖²: its derivative by `e` is this times `e`.
    var lossFactor: Float { 2 / Float(configuration.batchSize) }
    var auxLossFactor: Float { lossFactor * configuration.auxCoefficient }

    func input(row: Int) -> UnsafeMutablePointer<Float> { centred.pointer + row * configuration.dIn }

    func decoderRow(_ neuron: Int) -> UnsafeMutablePointer<Float> { decoder.pointer + neuron * configuration.dIn }

    func decoderNorm(_ neuron: Int) -> Float { LinearAlgebra.norm(decoderRow(neuron), count: configuration.dIn) }
}

// MARK: Arithmetic on codes

extension TrainingCore {
    /// `x · scale − b_dec`.
    func centre(_ batch: UnsafePointer<Float>, rows: Range<Int>) {
        let (dIn, bias, scale) = (configuration.dIn, decoderBias.pointer, inputScale)
        for row in rows {
            let (x, out) = (batch + row * dIn, input(row: row))
            for i in 0..<dIn { out[i] = x[i] * scale - bias[i] }
        }
    }

    /// `y += Σ value · W_dec[index]` over some entries.
    func addDecoded(_ codes: SparseCodes, entries: Range<Int>, into y: UnsafeMutablePointer<Float>) {
        SparseRows.addWeighted(
            rows: decoder.pointer, stride: configuration.dIn, indices: codes.indices + entries.lowerBound,
            weights: codes.values + entries.lowerBound, count: entries.count, into: y, width: configuration.dIn)
    }

    /// `∂loss/∂value = factor · W_dec[index] · error` for some entries.
    func differentiate(_ codes: SparseCodes, entries: Range<Int>, error: UnsafePointer<Float>, factor: Float) {
        SparseRows.dot(
            rows: decoder.pointer, stride: configuration.dIn, indices: codes.indices + entries.lowerBound,
            count: entries.count, with: error, width: configuration.dIn, into: codes.gradients + entries.lowerBound)
        for entry in entries { codes.gradients[entry] *= factor }
    }

    /// `e = x̂ − x` and its derivatives by the codes.
    ///
    /// - Returns: The squared error.
    func reconstruct(_ channel: GradientChannel, row: Int) -> Float {
        let (dIn, error, target) = (configuration.dIn, channel.error(row: row), input(row: row))
        // b_dec cancels: x̂ − x = Σ f_j W_dec[j] − (x − b_dec).
        for i in 0..<dIn { error[i] = -target[i] }
        let entries = channel.codes.entries(of: row)
        addDecoded(channel.codes, entries: entries, into: error)
        let loss = LinearAlgebra.dot(error, error, count: dIn)
        differentiate(channel.codes, entries: entries, error: error, factor: channel.factor)
        return loss
    }

    /// `sums += weight · Σ rows`, in the order of the rows.
    func addRows(
        of matrix: UnsafePointer<Float>, stride: Int, count: Int, weight: Float,
        into sums: UnsafeMutablePointer<Float>
    ) {
        let weights = [Float](repeating: weight, count: count)
        SparseRows.addWeighted(
            rows: matrix, stride: stride, indices: counting, weights: weights, count: count, into: sums,
            width: configuration.dIn)
    }
}
