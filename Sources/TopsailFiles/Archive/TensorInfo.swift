import TopsailTensor

/// Name, type, shape and place of one tensor in a file.
public struct TensorInfo: Sendable, Hashable {
    public var name: String
    public var dtype: DType
    /// Extents, outermost first (torch's order); the innermost dimension is contiguous. Empty for a scalar.
    public var shape: [Int]
    /// Position of the first byte, counted from the start of the file.
    public var offset: Int
    /// Bytes taken in the file, block scales of quantised types included.
    public var byteCount: Int

    public init(name: String, dtype: DType, shape: [Int], offset: Int, byteCount: Int) {
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self.offset = offset
        self.byteCount = byteCount
    }

    /// The product of the extents; `1` for a scalar.
    public var elementCount: Int { shape.reduce(1, *) }
}
