import Foundation
import TopsailTensor

/// A NumPy array file (npy), memory-mapped: an archive of one tensor, which goes by the file's name.
public final class NPYFile: TensorArchive {
    public let path: String
    public let metadata: ArchiveMetadata
    public let tensors: [TensorInfo]
    private let store: NPYStore

    /// Opens and checks a file.
    ///
    /// - Throws: `notThisFormat`, `truncated`, `outOfRange`, `unsupported`, `refused`, `corrupt` or `unreadable`.
    public init(path: String) throws(FileFormatError) {
        let file = try MappedFile.opening(path)
        let header = try NPYHeader(file.bytes, path: path)
        let end = header.dataOffset + header.byteCount
        guard end <= file.bytes.count else {
            throw FileFormatError(path: path, reason: .truncated(needed: end, available: file.bytes.count))
        }
        guard end == file.bytes.count else {
            throw FileFormatError(
                path: path, reason: .corrupt("\(file.bytes.count - end) bytes follow that belong to no tensor"))
        }
        self.path = path
        metadata = ArchiveMetadata(path: path)
        let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
        store = NPYStore(path: path, place: "", header: header) { () throws(FileFormatError) in
            NPYStore.Content(bytes: UnsafeRawBufferPointer(rebasing: file.bytes[header.dataOffset..<end]), owner: file)
        }
        tensors = [try store.info(name: name, offset: header.dataOffset)]
    }

    public func info(_ name: String) -> TensorInfo? { tensors.first { $0.name == name } }

    public func bytes(of info: TensorInfo) -> UnsafeRawBufferPointer { store.rowMajorBytes() }

    public func view(of info: TensorInfo) throws(FileFormatError) -> TensorView { try store.view() }
}
