import CKernels
import COpenBLAS

/// fp32 linear algebra on row-major memory.
///
/// Matrix products go to OpenBLAS with one thread inside; they are split over threads here, in pieces that a busy neighbour
/// cannot hold up.
public enum LinearAlgebra {
    private static let singleThreadedBLAS: Void = openblas_set_num_threads(1)

    /// `c = alpha * op(a) op(b) + beta * c` on the calling thread.
    ///
    /// - Parameters:
    ///   - transA: `false`: `a` is `[m, k]`; `true`: `a` is `[k, m]`.
    ///   - transB: `false`: `b` is `[k, n]`; `true`: `b` is `[n, k]`.
    ///   - lda: Distance between rows of `a` in elements; likewise `ldb`, `ldc`.
    ///   - c: `[m, n]`, written.
    public static func serialGemm(
        transA: Bool, transB: Bool, m: Int, n: Int, k: Int, alpha: Float, a: UnsafePointer<Float>, lda: Int,
        b: UnsafePointer<Float>, ldb: Int, beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int
    ) {
        _ = singleThreadedBLAS
        cblas_sgemm(
            CblasRowMajor, transA ? CblasTrans : CblasNoTrans, transB ? CblasTrans : CblasNoTrans, blasint(m),
            blasint(n),
            blasint(k), alpha, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
    }

    /// Like `serialGemm`, split over threads by rows of `c`, or by its columns when it is wide and low.
    public static func gemm(
        transA: Bool, transB: Bool, m: Int, n: Int, k: Int, alpha: Float, a: UnsafePointer<Float>, lda: Int,
        b: UnsafePointer<Float>, ldb: Int, beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int
    ) {
        nonisolated(unsafe) let a = a
        nonisolated(unsafe) let b = b
        nonisolated(unsafe) let c = c
        if m >= n {
            Parallel.forRanges(count: m, minimum: 64) { rows in
                serialGemm(
                    transA: transA, transB: transB, m: rows.count, n: n, k: k, alpha: alpha,
                    a: a + rows.lowerBound * (transA ? 1 : lda), lda: lda, b: b, ldb: ldb, beta: beta,
                    c: c + rows.lowerBound * ldc, ldc: ldc)
            }
        } else {
            Parallel.forRanges(count: n, minimum: 64) { columns in
                serialGemm(
                    transA: transA, transB: transB, m: m, n: columns.count, k: k, alpha: alpha, a: a, lda: lda,
                    b: b + columns.lowerBound * (transB ? ldb : 1), ldb: ldb, beta: beta, c: c + columns.lowerBound,
                    ldc: ldc)
            }
        }
    }

    /// Sum of `a[i] * b[i]`.
    public static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
        tsk_dot(a, b, count)
    }

    /// `y[i] += alpha * x[i]`.
    public static func axpy(
        _ alpha: Float, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
    ) {
        tsk_axpy(alpha, x, y, count)
    }

    /// Euclidean norm.
    public static func norm(_ x: UnsafePointer<Float>, count: Int) -> Float { tsk_dot(x, x, count).squareRoot() }

    /// The instruction set the project's own kernels use on this CPU, and OpenBLAS' description of its own.
    public static var description: String {
        """
        \(String(cString: tsk_instruction_set())) kernels, \(String(cString: tsk_products_instruction_set())) products, \
        \(String(cString: openblas_get_config()))
        """
    }
}
