import Synchronization
import TopsailTensor

/// Rows of a matrix as fp32, made when asked for and kept, so that a pointer to one stays valid.
final class RowCache: Sendable {
    private let matrix: SAEMatrix
    private let factors: NeuronFactors?
    private let factor: Float
    private let kept = Mutex<[Int: OwnedFloats]>([:])

    /// - Parameters:
    ///   - factors: Multiplied into each row.
    ///   - factor: Multiplied into all.
    init(_ matrix: SAEMatrix, factors: NeuronFactors?, factor: Float = 1) {
        self.matrix = matrix
        self.factors = factors
        self.factor = factor
    }

    /// Row `index`, where it lies when nothing has to be done to it. Valid while the cache lives.
    func row(_ index: Int) -> UnsafeBufferPointer<Float> {
        precondition(index >= 0 && index < matrix.rows, "row \(index) of \(matrix.rows)")
        if factors == nil, factor == 1, matrix.columnStride == 1, let values = matrix.inPlace {
            return UnsafeBufferPointer(start: values + index * matrix.rowStride, count: matrix.columns)
        }
        let row = kept.withLock { kept in
            if let known = kept[index] { return known }
            let made = OwnedFloats(count: matrix.columns)
            matrix.readRow(index, into: made.pointer)
            let scale = (factors?.values[index] ?? 1) * factor
            if scale != 1 { for i in 0..<made.count { made.pointer[i] *= scale } }
            kept[index] = made
            return made
        }
        return UnsafeBufferPointer(start: row.pointer, count: row.count)
    }
}
