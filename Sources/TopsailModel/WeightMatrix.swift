import CKernels
import TopsailFiles
import TopsailTensor

/// A weight as it lies in the mapped file: `[outputs, inputs]` row-major, plain or quantised.
///
/// Rows are widened to fp32 while they are used and never kept, so memory holds the file's pages and nothing else.
struct WeightMatrix: @unchecked Sendable {
    let outputs: Int
    let inputs: Int
    let type: DType
    private let base: UnsafeRawPointer
    private let rowBytes: Int
    /// Keeps the mapping alive.
    private let archive: any TensorArchive

    /// - Throws: `ModelError` when the tensor is absent, has another shape or a type that cannot be widened.
    init(_ archive: any TensorArchive, _ name: String, outputs: Int, inputs: Int) throws {
        guard let info = archive.info(name) else { throw ModelError.missingTensor(path: archive.path, name: name) }
        guard info.shape == [outputs, inputs] else {
            throw ModelError.shapeMismatch(
                path: archive.path, tensor: name, expected: [outputs, inputs], found: info.shape)
        }
        guard Dequantize.supports(info.dtype), let rowBytes = info.dtype.byteCount(elements: inputs),
            let base = archive.bytes(of: info).baseAddress
        else {
            throw ModelError.unsupportedType(path: archive.path, tensor: name, type: info.dtype.name)
        }
        self.outputs = outputs
        self.inputs = inputs
        self.type = info.dtype
        self.rowBytes = rowBytes
        self.base = base
        self.archive = archive
    }

    /// Widens row `index` into `destination`, room for `inputs` floats.
    func widenRow(_ index: Int, into destination: UnsafeMutablePointer<Float>) {
        Dequantize.row(base + index * rowBytes, type: type, count: inputs, into: destination)
    }

    /// `y[t, rows] = x[t] · W[rows]ᵀ` for `tokens` rows of `x`, on the calling thread.
    ///
    /// - Parameters:
    ///   - rows: Output rows to compute.
    ///   - x: `[tokens, inputs]`.
    ///   - y: First output row's column for token 0; token `t` is `stride` floats further.
    func multiply(
        rows: Range<Int>, x: UnsafePointer<Float>, tokens: Int, y: UnsafeMutablePointer<Float>, stride: Int
    ) {
        // For a few tokens each row is used at once; for many the widened panel stays in cache and BLAS does the rest.
        let panelRows = tokens <= Self.fewTokens ? 1 : rows.count
        ScratchMemory.withBuffer(of: Float.self, count: panelRows * inputs) { panel in
            if panelRows == 1 {
                for row in rows {
                    widenRow(row, into: panel)
                    for t in 0..<tokens { y[t * stride + row] = tsk_dot(x + t * inputs, panel, inputs) }
                }
            } else {
                for (offset, row) in rows.enumerated() { widenRow(row, into: panel + offset * inputs) }
                LinearAlgebra.serialGemm(
                    transA: false, transB: true, m: tokens, n: rows.count, k: inputs, alpha: 1, a: x, lda: inputs,
                    b: panel, ldb: inputs, beta: 0, c: y + rows.lowerBound, ldc: stride)
            }
        }
    }

    private static let fewTokens = 3
}

extension WeightMatrix {
    /// Like `multiply(rows:x:tokens:y:stride:)` with both operands rounded to bf16 and sums in fp32.
    ///
    /// - Parameter x: `[tokens, inputs]` as bf16 bit patterns; `inputs` is even.
    func multiplyBF16(
        rows: Range<Int>, x: UnsafePointer<UInt16>, tokens: Int, y: UnsafeMutablePointer<Float>, stride: Int
    ) {
        let panels = (rows.count + 15) / 16
        ScratchMemory.withBuffer(of: Float.self, count: 16 * inputs) { wide in
            ScratchMemory.withBuffer(of: UInt16.self, count: panels * 16 * inputs) { packed in
                for panel in 0..<panels {
                    let first = rows.lowerBound + 16 * panel
                    let count = min(16, rows.upperBound - first)
                    for row in 0..<count { widenRow(first + row, into: wide + row * inputs) }
                    tsk_bf16_pack(wide, count, inputs, packed + panel * 16 * inputs)
                }
                tsk_bf16_gemm(x, tokens, inputs, packed, rows.count, y + rows.lowerBound, stride)
            }
        }
    }
}
