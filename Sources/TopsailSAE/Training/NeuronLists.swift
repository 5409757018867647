/// The same codes sorted by neuron: for each neuron the rows on which it is active, in rising order.
///
/// Gradients are then summed neuron by neuron. No two threads touch one neuron, and the order of every sum is fixed, so a seed
/// gives the same bits with any number of threads.
final class NeuronLists: @unchecked Sendable {
    let neurons: Int
    /// Neuron `j` owns entries `starts[j] ..< starts[j + 1]`.
    private(set) var starts: [Int32]
    let rows: UnsafeMutablePointer<Int32>
    /// Values times the factor of the loss.
    let values: UnsafeMutablePointer<Float>
    let gradients: UnsafeMutablePointer<Float>

    init(neurons: Int, capacity: Int) {
        self.neurons = neurons
        starts = [Int32](repeating: 0, count: neurons + 1)
        rows = .allocate(capacity: max(1, capacity))
        values = .allocate(capacity: max(1, capacity))
        gradients = .allocate(capacity: max(1, capacity))
    }

    deinit {
        rows.deallocate()
        values.deallocate()
        gradients.deallocate()
    }

    /// Sorts `codes` by counting.
    ///
    /// - Parameter factor: Multiplies the values on the way.
    /// - Complexity: O(entries + neurons).
    func fill(from codes: SparseCodes, factor: Float) {
        var next = [Int32](repeating: 0, count: neurons + 1)
        for row in 0..<codes.rows {
            for entry in codes.entries(of: row) { next[Int(codes.indices[entry]) + 1] += 1 }
        }
        for neuron in 0..<neurons { next[neuron + 1] += next[neuron] }
        starts = next
        for row in 0..<codes.rows {
            for entry in codes.entries(of: row) {
                let neuron = Int(codes.indices[entry])
                let place = Int(next[neuron])
                next[neuron] += 1
                rows[place] = Int32(row)
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
}

extension SparseCodes {
    func entries(of row: Int) -> Range<Int> { row * width..<row * width + Int(counts[row]) }
}
