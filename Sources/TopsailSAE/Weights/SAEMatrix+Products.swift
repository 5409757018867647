import TopsailTensor

extension SAEMatrix {
    /// `out[t, r] = x[t] · row r` for a run of rows, on the calling thread.
    ///
    /// - Parameters:
    ///   - x: `[count, columns]`.
    ///   - out: `[count, range.count]`, rows `outStride` apart.
    func products(
        _ x: UnsafePointer<Float>, count: Int, rows range: Range<Int>, into out: UnsafeMutablePointer<Float>,
        outStride: Int
    ) {
        if let values = inPlace, columnStride == 1 {
            byRows(values + range.lowerBound * rowStride, rowStride, x, count, range.count, out, outStride)
        } else if let values = inPlace, rowStride == 1 {
            byColumns(values + range.lowerBound, columnStride, x, count, range.count, out, outStride)
        } else {
            ScratchMemory.withBuffer(of: Float.self, count: range.count * columns) { block in
                if rowStride == 1, terms == 1 {
                    for column in 0..<columns {
                        widen(
                            from: range.lowerBound + column * columnStride, stride: 1, count: range.count,
                            into: block + column * range.count)
                    }
                    byColumns(block, range.count, x, count, range.count, out, outStride)
                } else {
                    readRows(range, into: block)
                    byRows(block, columns, x, count, range.count, out, outStride)
                }
            }
        }
    }

    /// Up to so many rows of input, single passes over the weights beat a matrix product, which copies them into panels.
    static let few = 8

    /// Weights `[rows, columns]`.
    private func byRows(
        _ weights: UnsafePointer<Float>, _ stride: Int, _ x: UnsafePointer<Float>, _ count: Int, _ rows: Int,
        _ out: UnsafeMutablePointer<Float>, _ outStride: Int
    ) {
        guard count <= Self.few else {
            return LinearAlgebra.serialGemm(
                transA: false, transB: true, m: count, n: rows, k: columns, alpha: 1, a: x, lda: columns, b: weights,
                ldb: stride, beta: 0, c: out, ldc: outStride)
        }
        for row in 0..<rows {
            for t in 0..<count {
                out[t * outStride + row] = LinearAlgebra.dot(weights + row * stride, x + t * columns, count: columns)
            }
        }
    }

    /// Weights `[columns, rows]`.
    private func byColumns(
        _ weights: UnsafePointer<Float>, _ stride: Int, _ x: UnsafePointer<Float>, _ count: Int, _ rows: Int,
        _ out: UnsafeMutablePointer<Float>, _ outStride: Int
    ) {
        guard count <= Self.few else {
            return LinearAlgebra.serialGemm(
                transA: false, transB: false, m: count, n: rows, k: columns, alpha: 1, a: x, lda: columns, b: weights,
                ldb: stride, beta: 0, c: out, ldc: outStride)
        }
        for t in 0..<count { (out + t * outStride).update(repeating: 0, count: rows) }
        for column in 0..<columns {
            for t in 0..<count {
                LinearAlgebra.axpy(
                    x[t * columns + column], weights + column * stride, into: out + t * outStride, count: rows)
            }
        }
    }

    /// `out[t] = M x[t]` for all rows, on all cores.
    ///
    /// - Parameters:
    ///   - x: `[count, columns]`.
    ///   - out: `[count, rows]`.
    func multiply(_ x: UnsafePointer<Float>, count: Int, into out: UnsafeMutablePointer<Float>) {
        nonisolated(unsafe) let (x, out) = (x, out)
        let block = 256
        Parallel.forEach(count: (rows + block - 1) / block) { index in
            let range = index * block..<min(rows, (index + 1) * block)
            products(x, count: count, rows: range, into: out + range.lowerBound, outStride: rows)
        }
    }
}
