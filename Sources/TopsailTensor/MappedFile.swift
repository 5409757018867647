import Foundation
import TopsailCore

/// A file mapped read-only into memory. Pages are read when touched, so opening costs the same for any size.
public final class MappedFile: Sendable {
    public let path: String
    /// The file's bytes; valid while this object lives.
    public nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    /// Maps the file.
    ///
    /// - Throws: `FileAccessError` naming the path when it is missing, a directory, unreadable or cannot be mapped.
    public init(path: String) throws(FileAccessError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileAccessError(path: path, action: .open, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileAccessError(path: path, action: .open, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileAccessError(path: path, action: .open, code: EISDIR) }
        let size = Int(status.st_size)
        guard size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw FileAccessError(path: path, action: .map, code: errno)
        }
        bytes = UnsafeRawBufferPointer(start: address, count: size)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }
}

/// A file that the system would not let us use.
public struct FileAccessError: UserFacingError, Hashable {
    public enum Action: String, Hashable, Sendable {
        case open, map, read, write, create
    }

    public var path: String
    public var action: Action
    /// The system's `errno`.
    public var code: CInt

    public init(path: String, action: Action, code: CInt) {
        self.path = path
        self.action = action
        self.code = code
    }

    public var description: String {
        switch code {
        case ENOENT where action == .open: "\(path) does not exist"
        case EISDIR: "\(path) is not a regular file"
        default: "cannot \(action.rawValue) \(path): \(String(cString: strerror(code)))"
        }
    }
}
