/// A weight matrix as it lies in a mapped file, plain or quantised: `outputs` rows of `inputs` values.
///
/// Rows are widened to fp32 while they are used and never kept, so memory holds the file's pages and nothing else. This is the
/// one door to products with stored weights: a faster kernel joins here and no model changes.
public struct StoredMatrix: @unchecked Sendable {
    /// Which index runs slowly in the file.
    public enum Order: Sendable, Hashable {
        /// `[outputs, inputs]`, as `nn.Linear` and GGUF store weights.
        case outputsFirst
        /// `[inputs, outputs]`, as GPT-2's `Conv1D` stores them; plain types only.
        case inputsFirst
    }

    public let outputs: Int
    public let inputs: Int
    public let type: DType
    public let order: Order
    /// What stored values are multiplied by.
    public let scale: StoredScale
    let base: UnsafeRawPointer
    /// Bytes from one stored row to the next: of `inputs` values, or of the whole matrix' outputs when inputs come first.
    let rowBytes: Int
    /// Output rows come in groups of `size`, the starts of which are `stride` stored rows apart.
    let groups: (size: Int, stride: Int)
    /// Keeps the mapping alive.
    private let owner: any Sendable

    /// - Parameters:
    ///   - base: The first stored value; readable for as long as `owner` lives.
    ///   - type: A type that `Dequantize.supports`; a plain one when inputs come first.
    ///   - rowBytes: Bytes from one stored row to the next.
    ///   - groups: For weights that interleave several matrices by head: rows that lie together, and stored rows from one
    ///     such group to the next. Everything together when `nil`.
    public init(
        outputs: Int, inputs: Int, type: DType, order: Order = .outputsFirst, scale: StoredScale = .none,
        base: UnsafeRawPointer, rowBytes: Int, groups: (size: Int, stride: Int)? = nil, owner: any Sendable
    ) {
        precondition(Dequantize.supports(type), "\(type.name) cannot be widened to fp32")
        precondition(order == .outputsFirst || type.blockSize == 1, "a matrix with inputs first has a plain type")
        self.outputs = outputs
        self.inputs = inputs
        self.type = type
        self.order = order
        self.scale = scale
        self.base = base
        self.rowBytes = rowBytes
        self.groups = groups ?? (max(outputs, 1), max(outputs, 1))
        self.owner = owner
    }

    /// Where output row `index` begins; only when outputs come first.
    func address(ofRow index: Int) -> UnsafeRawPointer {
        base + (index / groups.size * groups.stride + index % groups.size) * rowBytes
    }

    /// Widens row `index` into `destination`, room for `inputs` floats.
    public func widenRow(_ index: Int, into destination: UnsafeMutablePointer<Float>) {
        switch order {
        case .outputsFirst:
            Dequantize.row(address(ofRow: index), type: type, count: inputs, into: destination)
            scale.apply(row: index, from: 0, to: destination, count: inputs)
        case .inputsFirst:
            for input in 0..<inputs {
                Dequantize.row(
                    base + input * rowBytes + index * type.bytesPerBlock, type: type, count: 1,
                    into: destination + input)
            }
        }
    }

    /// `y[t, rows] = x[t] · W[rows]ᵀ` for `tokens` rows of `x`, on the calling thread.
    ///
    /// - Parameters:
    ///   - rows: Output rows to compute.
    ///   - x: `[tokens, inputs]`.
    ///   - y: Output row 0's column for token 0; token `t` is `stride` floats further.
    public func multiply(
        rows: Range<Int>, x: UnsafePointer<Float>, tokens: Int, y: UnsafeMutablePointer<Float>, stride: Int
    ) {
        switch order {
        case .outputsFirst where tokens <= Self.fewTokens: multiplyRowByRow(rows, x, tokens, y, stride)
        case .outputsFirst: multiplyPanel(rows, x, tokens, y, stride)
        case .inputsFirst: multiplyTransposed(rows, x, tokens, y, stride)
        }
    }

    private static let fewTokens = 3

    /// For a few tokens each row is used at once.
    private func multiplyRowByRow(
        _ rows: Range<Int>, _ x: UnsafePointer<Float>, _ tokens: Int, _ y: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        ScratchMemory.withBuffer(of: Float.self, count: inputs) { wide in
            for row in rows {
                widenRow(row, into: wide)
                for t in 0..<tokens {
                    y[t * stride + row] = LinearAlgebra.dot(x + t * inputs, wide, count: inputs)
                }
            }
        }
    }

    /// For many the widened panel stays in cache and BLAS does the rest.
    private func multiplyPanel(
        _ rows: Range<Int>, _ x: UnsafePointer<Float>, _ tokens: Int, _ y: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        ScratchMemory.withBuffer(of: Float.self, count: rows.count * inputs) { panel in
            for (offset, row) in rows.enumerated() { widenRow(row, into: panel + offset * inputs) }
            LinearAlgebra.serialGemm(
                transA: false, transB: true, m: tokens, n: rows.count, k: inputs, alpha: 1, a: x, lda: inputs,
                b: panel, ldb: inputs, beta: 0, c: y + rows.lowerBound, ldc: stride)
        }
    }

    /// The columns of the panel, widened input by input.
    private func multiplyTransposed(
        _ rows: Range<Int>, _ x: UnsafePointer<Float>, _ tokens: Int, _ y: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        ScratchMemory.withBuffer(of: Float.self, count: rows.count * inputs) { panel in
            for input in 0..<inputs {
                Dequantize.row(
                    base + input * rowBytes + rows.lowerBound * type.bytesPerBlock, type: type, count: rows.count,
                    into: panel + input * rows.count)
            }
            LinearAlgebra.serialGemm(
                transA: false, transB: false, m: tokens, n: rows.count, k: inputs, alpha: 1, a: x, lda: inputs,
                b: panel, ldb: rows.count, beta: 0, c: y + rows.lowerBound, ldc: stride)
        }
    }
}
