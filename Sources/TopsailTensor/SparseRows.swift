import CKernels

/// Products with a few chosen rows of a row-major matrix, the arithmetic of sparse codes.
public enum SparseRows {
    /// `y += Σ weights[r] * rows[indices[r]]`.
    ///
    /// - Parameters:
    ///   - rows: The matrix, rows `stride` elements apart.
    ///   - indices: `count` row numbers; the caller keeps them within the matrix.
    ///   - y: `width` elements.
    public static func addWeighted(
        rows: UnsafePointer<Float>, stride: Int, indices: UnsafePointer<Int32>, weights: UnsafePointer<Float>,
        count: Int,
        into y: UnsafeMutablePointer<Float>, width: Int
    ) {
        tsk_gather_sum(rows, stride, indices, weights, count, y, width)
    }

    /// `out[r] = rows[indices[r]] · x`.
    public static func dot(
        rows: UnsafePointer<Float>, stride: Int, indices: UnsafePointer<Int32>, count: Int,
        with x: UnsafePointer<Float>,
        width: Int, into out: UnsafeMutablePointer<Float>
    ) {
        tsk_gather_dot(rows, stride, indices, count, x, width, out)
    }

    /// The first position from `start` on whose value is greater than `floor`; `count` when there is none. NaN is not greater.
    public static func firstIndex(
        above floor: Float, in x: UnsafePointer<Float>, from start: Int, count: Int
    ) -> Int {
        tsk_next_above(x, start, count, floor)
    }
}
