import TopsailTensor

/// One set of codes with the reconstruction they take part in, and which weights learn from it.
///
/// The loss of every architecture is a sum of such parts. A TopK SAE has two, the reconstruction of the input by the living
/// neurons and that of the rest by dead ones; a gated SAE has one by its gate.
final class GradientChannel: @unchecked Sendable {
    /// Which weights the gradients of a channel reach.
    struct Targets: OptionSet {
        let rawValue: Int
        static let encoder = Targets(rawValue: 1)
        static let decoder = Targets(rawValue: 2)
        static let decoderBias = Targets(rawValue: 4)
    }

    let codes: SparseCodes
    let lists: NeuronLists
    /// What decoder rows are moved by: for entry `(row, level)` the derivative of the squared errors by the output, over
    /// `factor`. Shape `[rows · levels, d_in]`.
    let errors: FloatMatrix
    /// Nested reconstructions a row.
    let levels: Int
    /// The derivative of the loss by a reconstruction is this times the error.
    let factor: Float
    let targets: Targets

    /// - Parameter neurons: What indices of the codes count: neurons, or units of an encoder that has fewer.
    init(rows: Int, dIn: Int, neurons: Int, levels: Int = 1, factor: Float, targets: Targets, keepsErrors: Bool = true)
    {
        codes = SparseCodes(rows: rows)
        lists = NeuronLists(neurons: neurons)
        errors = FloatMatrix(rows: keepsErrors ? rows * levels : 0, columns: dIn)
        self.levels = levels
        self.factor = factor
        self.targets = targets
    }

    func sortByNeuron() { lists.fill(from: codes, factor: factor, levels: levels) }

    func error(row: Int, level: Int = 0) -> UnsafeMutablePointer<Float> {
        errors.pointer + (row * levels + level) * errors.columns
    }

    /// `gradient += Σ factor · value · error`: the derivative of the loss by a decoder row.
    func addDecoderGradient(of neuron: Int, into gradient: UnsafeMutablePointer<Float>) {
        let entries = lists.entries(of: neuron)
        guard !entries.isEmpty else { return }
        SparseRows.addWeighted(
            rows: errors.pointer, stride: errors.columns, indices: lists.errorRows + entries.lowerBound,
            weights: lists.values + entries.lowerBound, count: entries.count, into: gradient, width: errors.columns)
    }

    /// `gradient += Σ ∂pre · (x − b_dec)`: the derivative of the loss by a row of `W_encᵀ`.
    func addEncoderGradient(
        of unit: Int, inputs: borrowing FloatMatrix, into gradient: UnsafeMutablePointer<Float>
    ) {
        let entries = lists.entries(of: unit)
        guard !entries.isEmpty else { return }
        SparseRows.addWeighted(
            rows: inputs.pointer, stride: inputs.columns, indices: lists.rows + entries.lowerBound,
            weights: lists.gradients + entries.lowerBound, count: entries.count, into: gradient, width: inputs.columns)
    }
}
