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
    ///   - type: A plain one when inputs come first.
    ///   - rowBytes: Bytes from one stored row to the next.
    ///   - groups: For weights that interleave several matrices by head: rows that lie together, and stored rows from one
    ///     such group to the next. Everything together when `nil`.
    public init(
        outputs: Int, inputs: Int, type: DType, order: Order = .outputsFirst, scale: StoredScale = .none,
        base: UnsafeRawPointer, rowBytes: Int, groups: (size: Int, stride: Int)? = nil, owner: any Sendable
    ) {
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
}
