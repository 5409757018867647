import TopsailTensor

/// A file of named tensors, opened by reading its header only.
///
/// Tensor bytes are mapped, not loaded: opening costs time and memory for the header alone, and a tensor that nobody
/// asks for is never read from disk.
public protocol TensorArchive: Sendable {
    /// The file, as it was given to the reader.
    var path: String { get }
    /// All tensors in the order of the header.
    var tensors: [TensorInfo] { get }
    /// Settings stored beside the tensors.
    var metadata: ArchiveMetadata { get }

    /// The tensor of that name. Complexity: O(1).
    func info(_ name: String) -> TensorInfo?

    /// The tensor's bytes as stored; address space until they are touched, and valid as long as the archive lives.
    ///
    /// Formats that keep tensors compressed, strided or in another byte order make a copy for this, and give no bytes when
    /// that fails; `view` says why.
    ///
    /// - Parameter info: One of this archive's `tensors`.
    func bytes(of info: TensorInfo) -> UnsafeRawBufferPointer

    /// The tensor where it lies, with its strides.
    ///
    /// - Parameter info: One of this archive's `tensors`.
    /// - Throws: When its bytes turn out to be damaged as they are inflated.
    func view(of info: TensorInfo) throws(FileFormatError) -> TensorView
}

extension TensorArchive {
    public func view(of info: TensorInfo) throws(FileFormatError) -> TensorView {
        TensorView(dtype: info.dtype, shape: info.shape, base: bytes(of: info).baseAddress, owner: self)
    }
}

extension TensorArchive {
    /// The tensor of that name.
    ///
    /// - Throws: `missingTensor`, with the nearest names as a hint.
    public func require(_ name: String) throws(FileFormatError) -> TensorInfo {
        if let info = info(name) { return info }
        let similar = NameSuggestion.nearest(to: name, among: tensors.lazy.map(\.name))
        throw FileFormatError(path: path, reason: .missingTensor(name, similar: similar))
    }

    /// The tensor of that name, which must have exactly that shape.
    ///
    /// - Throws: `missingTensor` or `shapeMismatch`.
    public func require(_ name: String, shape: [Int]) throws(FileFormatError) -> TensorInfo {
        let info = try require(name)
        guard info.shape == shape else {
            throw FileFormatError(path: path, reason: .shapeMismatch(tensor: name, expected: shape, found: info.shape))
        }
        return info
    }

    /// All elements in row-major order, widened or dequantised to fp32. Allocates `elementCount` floats.
    ///
    /// - Throws: `missingTensor`.
    public func floats(_ name: String) throws(FileFormatError) -> [Float] {
        let info = try require(name)
        return try [Float](unsafeUninitializedCapacity: info.elementCount) { buffer, count throws(FileFormatError) in
            if let start = buffer.baseAddress { try view(of: info).read(into: start) }
            count = info.elementCount
        }
    }

    /// A tensor of two dimensions as an fp32 matrix `[shape[0], shape[1]]`.
    ///
    /// - Throws: `missingTensor`; `corrupt` when it has not two dimensions.
    public func matrix(_ name: String) throws(FileFormatError) -> FloatMatrix {
        let info = try require(name)
        guard info.shape.count == 2 else {
            throw FileFormatError(
                path: path, place: "tensor \(name)",
                reason: .corrupt("a matrix is needed here, but the shape is \(info.shape)"))
        }
        let matrix = FloatMatrix(rows: info.shape[0], columns: info.shape[1])
        try view(of: info).read(into: matrix.pointer)
        return matrix
    }

    /// The elements of an integer or boolean tensor in row-major order.
    ///
    /// - Throws: `missingTensor`; `unsupported` for floating-point types; `outOfRange` for a u64 above `Int.max`.
    public func integers(_ name: String) throws(FileFormatError) -> [Int] {
        let info = try require(name)
        let values = try view(of: info).contiguousBytes().withUnsafeBytes {
            IntegerDecoding.integers($0, as: info.dtype)
        }
        guard let values else {
            throw FileFormatError(
                path: path, place: "tensor \(name)", reason: .unsupported("reading \(info.dtype.name) as integers"))
        }
        return values
    }
}
