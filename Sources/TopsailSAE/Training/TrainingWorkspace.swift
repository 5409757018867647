import TopsailTensor

/// The buffers of one training step, made once.
final class TrainingWorkspace {
    /// Scaled activations minus `b_dec`. Shape `[batch, d_in]`.
    let centred: FloatMatrix
    /// Reconstruction minus target. Shape `[batch, d_in]`.
    let errors: FloatMatrix
    /// What the dead neurons' reconstruction of the residual misses, negated likewise. Shape `[batch, d_in]`.
    let auxErrors: FloatMatrix
    /// Squared errors of each row.
    let losses: FloatMatrix
    let auxLosses: FloatMatrix
    let codes: SparseCodes
    let auxCodes: SparseCodes
    let lists: NeuronLists
    let auxLists: NeuronLists
    /// 0, 1, 2, …, for sums over all rows or all neurons.
    let counting: [Int32]

    init(_ configuration: TrainingConfiguration) {
        let (batch, dIn, dSAE) = (configuration.batchSize, configuration.dIn, configuration.dSAE)
        let auxK = min(configuration.auxK, dSAE)
        centred = FloatMatrix(rows: batch, columns: dIn)
        errors = FloatMatrix(rows: batch, columns: dIn)
        auxErrors = FloatMatrix(rows: auxK > 0 ? batch : 0, columns: dIn)
        losses = FloatMatrix(rows: 1, columns: batch)
        auxLosses = FloatMatrix(rows: 1, columns: batch)
        codes = SparseCodes(rows: batch, width: configuration.k)
        auxCodes = SparseCodes(rows: batch, width: auxK)
        lists = NeuronLists(neurons: dSAE, capacity: batch * configuration.k)
        auxLists = NeuronLists(neurons: dSAE, capacity: batch * auxK)
        counting = (0..<Int32(max(batch, dSAE))).map { $0 }
    }
}
