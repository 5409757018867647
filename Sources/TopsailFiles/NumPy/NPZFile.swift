import Foundation
import TopsailTensor

/// An npz archive: a zip of npy files, one a tensor, whose names are the files' without `.npy`.
///
/// Opening reads the headers. Stored members are mapped; deflated ones are inflated when asked for, and never beyond what
/// their shape takes.
public final class NPZFile: TensorArchive {
    public let path: String
    public let metadata: ArchiveMetadata
    public let tensors: [TensorInfo]
    private let stores: [String: NPYStore]
    private let index: [String: Int]

    /// Opens an archive and checks all headers.
    ///
    /// - Throws: What `ZipArchive` and `NPYFile` throw; `outOfRange` for a member with more data than its shape needs.
    public convenience init(path: String) throws(FileFormatError) { try self.init(ZipArchive(path: path)) }

    init(_ archive: ZipArchive) throws(FileFormatError) {
        path = archive.path
        metadata = ArchiveMetadata(path: archive.path)
        var tensors: [TensorInfo] = []
        var stores: [String: NPYStore] = [:]
        for entry in archive.entries where entry.name.hasSuffix(".npy") {
            let name = String(entry.name.dropLast(4))
            let store = try Self.store(entry, in: archive)
            // Texts beside the numbers are left alone.
            guard case .number = store.header.element else { continue }
            tensors.append(try store.info(name: name, offset: entry.range.lowerBound + store.header.dataOffset))
            stores[name] = store
        }
        guard !tensors.isEmpty else {
            throw FileFormatError(
                path: archive.path, reason: .notThisFormat(expected: "an npz archive", found: "a zip archive"))
        }
        self.tensors = tensors
        self.stores = stores
        index = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
    }

    public func info(_ name: String) -> TensorInfo? { index[name].map { tensors[$0] } }

    public func bytes(of info: TensorInfo) -> UnsafeRawBufferPointer {
        stores[info.name]?.rowMajorBytes() ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }

    public func view(of info: TensorInfo) throws(FileFormatError) -> TensorView {
        guard let store = stores[info.name] else {
            throw FileFormatError(path: path, reason: .missingTensor(info.name, similar: []))
        }
        return try store.view()
    }

    private static func store(_ entry: ZipEntry, in archive: ZipArchive) throws(FileFormatError) -> NPYStore {
        let place = "entry \(entry.name)"
        let start = try archive.start(of: entry, count: NPYHeader.largest + 16)
        let header = try start.withUnsafeBytes { bytes in
            Result { () throws(FileFormatError) in try NPYHeader(bytes, path: archive.path, place: place) }
        }.get()
        let needed = header.dataOffset + header.byteCount
        guard entry.size == needed else {
            let reason: FileFormatError.Reason =
                entry.size < needed
                ? .truncated(needed: needed, available: entry.size)
                : .outOfRange(
                    "it holds \(entry.size) bytes, more than the \(needed) that the shape \(header.shape) needs")
            throw FileFormatError(path: archive.path, place: place, reason: reason)
        }
        return NPYStore(path: archive.path, place: place, header: header) { () throws(FileFormatError) in
            if let stored = archive.storedBytes(of: entry) {
                return NPYStore.Content(
                    bytes: UnsafeRawBufferPointer(rebasing: stored[header.dataOffset...]), owner: archive)
            }
            let owned = OwnedBytes(count: entry.size)
            try archive.read(entry, into: owned.bytes)
            return NPYStore.Content(
                bytes: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(owned.bytes)[header.dataOffset...]),
                owner: owned)
        }
    }
}
