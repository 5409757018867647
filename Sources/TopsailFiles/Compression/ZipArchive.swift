import CZlib
import Foundation
import TopsailTensor

/// A zip archive, memory-mapped: wheels, npz files, PyTorch checkpoints.
///
/// Stored and deflated entries are read, zip64 included; encrypted ones and archives of several parts are refused.
/// Sizes and places come from the central directory and are checked when the archive is opened.
public final class ZipArchive: Sendable {
    public let path: String
    /// All entries in the order of the directory, folders included.
    public let entries: [ZipEntry]
    private let file: MappedFile
    private let index: [String: Int]

    /// Opens an archive and checks its directory.
    ///
    /// - Throws: `notThisFormat`, `truncated`, `outOfRange`, `unsupported`, `corrupt` or `unreadable`; an entry whose
    ///   name would leave the folder that it is unpacked in makes the whole archive corrupt.
    public init(path: String) throws(FileFormatError) {
        self.path = path
        file = try MappedFile.opening(path)
        entries = try ZipDirectory(file.bytes, path: path).entries
        var index: [String: Int] = [:]
        for (i, entry) in entries.enumerated() where index.updateValue(i, forKey: entry.name) != nil {
            throw FileFormatError(path: path, place: "entry \(entry.name)", reason: .corrupt("this name occurs twice"))
        }
        self.index = index
    }

    /// The entry of that name, with `/` between folders.
    public func entry(named name: String) -> ZipEntry? { index[name].map { entries[$0] } }

    /// The bytes of an entry as they lie in the file, without a copy; valid as long as the archive lives. Not verified.
    ///
    /// - Returns: `nil` when the entry is compressed.
    public func storedBytes(of entry: ZipEntry) -> UnsafeRawBufferPointer? {
        entry.method == .stored ? UnsafeRawBufferPointer(rebasing: file.bytes[entry.range]) : nil
    }

    /// The content of an entry, its size and checksum verified.
    ///
    /// - Parameter limit: Most bytes to give.
    /// - Throws: `outOfRange` when the entry is larger than `limit`, and what `stream` throws.
    public func contents(of entry: ZipEntry, limit: Int) throws(FileFormatError) -> Data {
        guard entry.size <= limit else {
            throw error(entry, .outOfRange("its \(entry.size) bytes are more than the \(limit) expected"))
        }
        // Deflate cannot shrink content below a 1,032nd, so that a size beyond that is not worth reserving.
        var output = Data(capacity: min(entry.size, entry.range.count * 1032))
        try stream(entry) { output.append(contentsOf: $0) }
        return output
    }

    /// Writes the content of an entry to a file, piece by piece. The file appears when all of it was written and
    /// verified.
    ///
    /// - Throws: What `stream` throws; `unwritable`.
    public func extract(_ entry: ZipEntry, to destination: String) throws(FileFormatError) {
        let output = try PendingFile(path: destination)
        try stream(entry) { (piece) throws(FileFormatError) in try output.append(piece) }
        try output.commit()
    }

    /// Hands over the content of an entry in pieces, and verifies its size and checksum on the way.
    ///
    /// - Parameter receive: Gets each piece, valid during the call. What it got is verified only once this returns.
    /// - Throws: `unsupported` for encrypted entries and other methods; `corrupt` or `truncated`; what `receive`
    ///   throws.
    public func stream(
        _ entry: ZipEntry, _ receive: (UnsafeRawBufferPointer) throws(FileFormatError) -> Void
    ) throws(FileFormatError) {
        defer { withExtendedLifetime(self) {} }
        var size = 0
        var checksum = crc32_z(0, nil, 0)
        func take(_ piece: UnsafeRawBufferPointer) throws(FileFormatError) {
            guard piece.count <= entry.size - size else { throw error(entry, .corrupt("it is larger than announced")) }
            size += piece.count
            checksum = crc32_z(checksum, piece.baseAddress?.assumingMemoryBound(to: Bytef.self), z_size_t(piece.count))
            try receive(piece)
        }
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[entry.range])
        switch entry.method {
        case .stored: try take(bytes)
        case .deflated:
            let used = try Inflate(wrapping: .bare, path: path, place: "entry \(entry.name)").stream(bytes, take)
            guard used == bytes.count else { throw error(entry, .corrupt("it ends before its bytes do")) }
        case .unsupported(let what): throw error(entry, .unsupported(what))
        }
        guard size == entry.size else { throw error(entry, .corrupt("it is smaller than announced")) }
        guard checksum == entry.checksum else { throw error(entry, .corrupt("its checksum is wrong")) }
    }

    private func error(_ entry: ZipEntry, _ reason: FileFormatError.Reason) -> FileFormatError {
        FileFormatError(path: path, place: "entry \(entry.name)", reason: reason)
    }
}
