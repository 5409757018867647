import TopsailTensor

/// Several reconstructions of one row, each with the codes of the one before and some more, and a loss on each.
///
/// With weights w_l the loss is `Σ w_l ‖e_l‖²`. A code that enters at level l is in all later reconstructions too, so its
/// derivative takes `E_l = Σ_{m ≥ l} w_m e_m`, which is what the channel's errors hold.
final class NestedReconstruction: @unchecked Sendable {
    private let core: TrainingCore
    /// One a level.
    private let weights: [Float]
    /// The last reconstruction's error, unweighted. Shape `[batch, d_in]`.
    private let residuals: FloatMatrix

    init(core: TrainingCore, weights: [Float]) {
        self.core = core
        self.weights = weights
        residuals = FloatMatrix(rows: core.configuration.batchSize, columns: core.configuration.dIn)
    }

    func residual(row: Int) -> UnsafeMutablePointer<Float> { residuals.pointer + row * residuals.columns }

    /// Fills the channel's errors and gradients of one row. The row's loss is the squared error of the last reconstruction, its
    /// penalty what the weighted sum of all exceeds that by.
    ///
    /// - Precondition: The row's entries come by rising level.
    func differentiate(_ channel: GradientChannel, row: Int) {
        let (dIn, codes, residual) = (core.configuration.dIn, channel.codes, residual(row: row))
        let target = core.input(row: row)
        for i in 0..<dIn { residual[i] = -target[i] }
        var ranges: [Range<Int>] = []
        let entries = codes.entries(of: row)
        var start = entries.lowerBound
        var (last, weighted): (Float, Float) = (0, 0)
        for (level, weight) in weights.enumerated() {
            let first = start
            while start < entries.upperBound && codes.levels[start] <= level { start += 1 }
            ranges.append(first..<start)
            core.addDecoded(codes, entries: first..<start, into: residual)
            let error = channel.error(row: row, level: level)
            for i in 0..<dIn { error[i] = weight * residual[i] }
            last = LinearAlgebra.dot(residual, residual, count: dIn)
            weighted += weight * last
        }
        for level in stride(from: weights.count - 1, through: 0, by: -1) {
            let error = channel.error(row: row, level: level)
            if level + 1 < weights.count {
                LinearAlgebra.axpy(1, channel.error(row: row, level: level + 1), into: error, count: dIn)
            }
            core.differentiate(codes, entries: ranges[level], error: error, factor: channel.factor)
        }
        core.losses.pointer[row] = last
        core.penalties.pointer[row] = weighted - last
    }
}
