import TopsailTensor

/// A GGUF file, version 2 or 3, memory-mapped.
///
/// Opening reads and checks the header: all settings, all tensor places. Time grows with the header (a few milliseconds
/// for a vocabulary of 50,000), not with the weights.
public final class GGUFFile: TensorArchive {
    public let path: String
    /// Format version, 2 or 3; they have the same layout.
    public let version: Int
    /// Bytes to which each tensor's place is rounded up.
    public let alignment: Int
    public let metadata: ArchiveMetadata
    public let tensors: [TensorInfo]
    private let file: MappedFile
    private let index: [String: Int]

    /// Opens and checks a file.
    ///
    /// - Throws: `notThisFormat`, `truncated`, `outOfRange`, `unsupported`, `corrupt` or `unreadable`.
    public init(path: String) throws(FileFormatError) {
        file = try MappedFile.opening(path)
        let header = try GGUFHeader(file)
        self.path = path
        version = Int(header.version)
        alignment = header.alignment
        metadata = header.metadata
        tensors = header.tensors
        index = Dictionary(uniqueKeysWithValues: header.tensors.enumerated().map { ($1.name, $0) })
    }

    public func info(_ name: String) -> TensorInfo? { index[name].map { tensors[$0] } }

    public func bytes(of info: TensorInfo) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: file.bytes[info.offset..<info.offset + info.byteCount])
    }
}
