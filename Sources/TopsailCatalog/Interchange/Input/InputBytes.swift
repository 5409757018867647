import Foundation
import TopsailFiles
import TopsailTensor

/// Reads files from start to end in pieces, those that gzip compressed as what they hold.
///
/// Plain files are read and not mapped, so that memory stays small however long they are.
enum InputBytes {
    private static let pieceSize = 1 << 20
    /// Most bytes of one file that are held at once.
    static let largestDocument = 1 << 32

    /// Hands over the content piece by piece; each is valid during the call.
    static func read(_ path: String, _ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        if try isGzip(path) {
            let file = try open(path)
            try withExtendedLifetime(file) { try Gzip.stream(file.bytes, name: path, receive) }
        } else {
            try readPlain(path, receive)
        }
    }

    /// Hands over the whole content.
    static func whole<Result>(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        guard try isGzip(path) else {
            let file = try open(path)
            return try withExtendedLifetime(file) { try body(withoutMark(file.bytes)) }
        }
        var content: [UInt8] = []
        try read(path) { piece in
            guard piece.count <= largestDocument - content.count else {
                throw InterchangeError(path: path, problem: "it holds more than \(largestDocument) bytes")
            }
            content.append(contentsOf: piece)
        }
        return try content.withUnsafeBytes { try body(withoutMark($0)) }
    }

    /// The bytes as they lie on disk.
    static func readPlain(_ path: String, _ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        // Opening as a map makes sure that it is a regular file; pages that are not touched cost nothing.
        _ = try open(path)
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 64)
        defer { piece.deallocate() }
        while true {
            let count = Foundation.read(descriptor, piece.baseAddress, piece.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path, errno)
            }
            if count == 0 { return }
            try receive(UnsafeRawBufferPointer(rebasing: piece[..<count]))
        }
    }

    /// Without a byte order mark.
    static func withoutMark(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeRawBufferPointer(rebasing: bytes[3...]) : bytes
    }

    private static func isGzip(_ path: String) throws -> Bool {
        let file = try open(path)
        return withExtendedLifetime(file) { file.bytes.starts(with: [0x1F, 0x8B]) }
    }

    private static func open(_ path: String) throws -> MappedFile {
        do {
            return try MappedFile(path: path)
        } catch {
            throw failure(path, error.code)
        }
    }

    private static func failure(_ path: String, _ code: CInt) -> InterchangeError {
        InterchangeError(path: path, problem: FileFormatError(path: "", reason: .unreadable(errno: code)).cause)
    }
}

extension FileFormatError {
    /// The sentence without path and place.
    fileprivate var cause: String { String(description.dropFirst(2)) }
}
