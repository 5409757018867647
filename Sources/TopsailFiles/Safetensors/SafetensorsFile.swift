import TopsailTensor

/// A safetensors file, memory-mapped.
///
/// Opening reads and checks the header: every type known, every place inside the file, no bytes shared and none left
/// over.
public final class SafetensorsFile: TensorArchive {
    public let path: String
    public let metadata: ArchiveMetadata
    public let tensors: [TensorInfo]
    private let file: MappedFile
    private let index: [String: Int]

    /// Opens and checks a file.
    ///
    /// - Throws: `notThisFormat`, `truncated`, `outOfRange`, `unsupported`, `corrupt` or `unreadable`.
    public init(path: String) throws(FileFormatError) {
        file = try MappedFile.opening(path)
        let header = try SafetensorsHeader(file)
        self.path = path
        metadata = header.metadata
        tensors = header.tensors
        index = Dictionary(uniqueKeysWithValues: header.tensors.enumerated().map { ($1.name, $0) })
    }

    public func info(_ name: String) -> TensorInfo? { index[name].map { tensors[$0] } }

    public func bytes(of info: TensorInfo) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: file.bytes[info.offset..<info.offset + info.byteCount])
    }
}
