import Foundation

/// A file that is written beside its destination and takes its place when it is complete.
///
/// Until `commit` the destination stays as it was. A pending file that is let go without it leaves nothing behind, unless it was
/// told to stay under a name of its own, for a later run to go on with.
public final class PendingFile {
    /// The destination.
    public let path: String
    private let temporaryPath: String
    private let staysWithoutCommit: Bool
    private var descriptor: CInt
    private var position = 0

    /// Starts a file in the destination's folder.
    ///
    /// - Throws: `unwritable`, e.g. when the folder does not exist.
    public init(path: String) throws(FileFormatError) {
        self.path = path
        staysWithoutCommit = false
        let name = ".topsail-\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
        temporaryPath = (path as NSString).deletingLastPathComponent + (path.contains("/") ? "/" : "") + name
        descriptor = open(temporaryPath, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw FileFormatError(path: path, reason: .unwritable(errno: errno)) }
    }

    /// Opens the file that stays under `partialPath`, in the destination's folder, until it is complete; makes it where there is none.
    ///
    /// - Throws: `unwritable`.
    public init(path: String, stayingAt partialPath: String) throws(FileFormatError) {
        self.path = path
        staysWithoutCommit = true
        temporaryPath = partialPath
        descriptor = open(temporaryPath, O_CREAT | O_RDWR | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw FileFormatError(path: partialPath, reason: .unwritable(errno: errno)) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        if !staysWithoutCommit { unlink(temporaryPath) }
    }

    /// Whether the file holds at least `count` bytes, of which the first are these.
    func holds(_ count: Int, beginningWith bytes: [UInt8]) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0, Int(status.st_size) >= max(count, bytes.count) else { return false }
        var found = [UInt8](repeating: 0, count: bytes.count)
        return pread(descriptor, &found, found.count, 0) == found.count && found == bytes
    }

    /// Cuts the file off, or fills it up with zeros.
    func truncate(to count: Int) throws(FileFormatError) {
        guard ftruncate(descriptor, off_t(count)) == 0 else { throw failure() }
    }

    /// Waits until what was written is on disk.
    func synchronize() throws(FileFormatError) {
        guard fsync(descriptor) == 0 else { throw failure() }
    }

    /// Writes after what was appended before.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(FileFormatError) {
        try write(bytes, at: position)
        position += bytes.count
    }

    /// Writes after what was appended before.
    public func append(_ data: some ContiguousBytes) throws(FileFormatError) {
        try data.withUnsafeBytes { bytes in
            Result { () throws(FileFormatError) in try append(bytes) }
        }.get()
    }

    /// Writes at a place of the file, leaving what `append` does next unchanged. A gap reads as zeros.
    public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFormatError) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
            if count < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            written += count
        }
    }

    /// Gives the file its name, replacing what was there. Nothing may be written afterwards.
    ///
    /// The bytes are on disk before the name is: a crash leaves either the old file or the whole new one.
    public func commit() throws(FileFormatError) {
        precondition(descriptor >= 0, "\(path) was committed already")
        try synchronize()
        guard rename(temporaryPath, path) == 0 else { throw failure() }
        close(descriptor)
        descriptor = -1
    }

    private func failure() -> FileFormatError { FileFormatError(path: path, reason: .unwritable(errno: errno)) }
}
