/// The same codes sorted by neuron: for each neuron the rows on which it is active, in rising order.
///
/// Gradients are then summed neuron by neuron. No two threads touch one neuron, and the order of every sum is fixed, so a seed
/// gives the same bits with any number of threads.
final class NeuronLists: @unchecked Sendable {
    let neurons: Int
    /// Neuron `j` owns entries `starts[j] ..< starts[j + 1]`.
    private(set) var starts: [Int32]
    private var rowBuffer = GrowingBuffer<Int32>()
    private var errorRowBuffer = GrowingBuffer<Int32>()
    private var valueBuffer = GrowingBuffer<Float>()
    private var gradientBuffer = GrowingBuffer<Float>()

    init(neurons: Int) {
        self.neurons = neurons
        starts = [Int32](repeating: 0, count: neurons + 1)
    }

    var rows: UnsafeMutablePointer<Int32> { rowBuffer.pointer }
    /// Rows of the matrix of errors that entries belong to: `row · levels + level`.
    var errorRows: UnsafeMutablePointer<Int32> { errorRowBuffer.pointer }
    /// Values times the factor of the loss.
    var values: UnsafeMutablePointer<Float> { valueBuffer.pointer }
    var gradients: UnsafeMutablePointer<Float> { gradientBuffer.pointer }

    /// Sorts `codes` by counting.
    ///
    /// - Parameters:
    ///   - factor: Multiplies the values on the way.
    ///   - levels: Rows of the matrix of errors for each row of the batch.
    /// - Complexity: O(entries + neurons).
    func fill(from codes: SparseCodes, factor: Float, levels: Int) {
        let total = codes.total
        rowBuffer.reserve(total)
        errorRowBuffer.reserve(total)
        valueBuffer.reserve(total)
        gradientBuffer.reserve(total)
        var next = [Int32](repeating: 0, count: neurons + 1)
        let indices = codes.indices
        for entry in 0..<total { next[Int(indices[entry]) + 1] += 1 }
        for neuron in 0..<neurons { next[neuron + 1] += next[neuron] }
        starts = next
        let (rows, errorRows, values, gradients) = (rows, errorRows, values, gradients)
        for row in 0..<codes.rows {
            for entry in codes.entries(of: row) {
                let neuron = Int(indices[entry])
                let place = Int(next[neuron])
                next[neuron] += 1
                rows[place] = Int32(row)
                errorRows[place] = Int32(row * levels) + codes.levels[entry]
                values[place] = codes.values[entry] * factor
                gradients[place] = codes.gradients[entry]
            }
        }
    }

    func entries(of neuron: Int) -> Range<Int> { Int(starts[neuron])..<Int(starts[neuron + 1]) }

    /// The sum of a neuron's gradients: the derivative of the loss by its pre-activation's bias.
    func gradientSum(of neuron: Int) -> Float {
        var sum: Float = 0
        for entry in entries(of: neuron) { sum += gradients[entry] }
        return sum
    }

    /// The sum of a neuron's values, times the factor of the loss.
    func valueSum(of neuron: Int) -> Float {
        var sum: Float = 0
        for entry in entries(of: neuron) { sum += values[entry] }
        return sum
    }
}
