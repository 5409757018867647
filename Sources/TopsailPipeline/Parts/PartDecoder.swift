import Foundation
import TopsailFiles
import TopsailTensor

/// Reads what `PartEncoder` wrote. What does not fit is called damaged.
struct PartDecoder {
    let path: String
    private let file: MappedFile
    private var position = 0
    private let end: Int

    private static let checksumBytes = 64

    /// - Parameter verifies: Whether the checksum is compared first.
    /// - Throws: `PartError.damaged`; what opening a file throws.
    init(path: String, verifies: Bool) throws {
        self.path = path
        file = try MappedFile(path: path)
        end = file.bytes.count - Self.checksumBytes
        guard end > 0 else { throw PartError.damaged(path: path) }
        guard verifies else { return }
        var hash = SHA256()
        hash.update(UnsafeRawBufferPointer(rebasing: file.bytes[..<end]))
        guard hash.hexDigest() == String(decoding: file.bytes[end...], as: UTF8.self) else {
            throw PartError.damaged(path: path)
        }
    }

    var damaged: PartError { .damaged(path: path) }
    var isAtEnd: Bool { position == end }

    mutating func bytes(_ count: Int) throws -> [UInt8] {
        guard count >= 0, count <= end - position else { throw damaged }
        defer { position += count }
        return Array(file.bytes[position..<position + count])
    }

    mutating func number() throws -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            guard position < end else { throw damaged }
            let byte = file.bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int(value) }
        }
        throw damaged
    }

    /// A number of things that take at least a byte each.
    mutating func count() throws -> Int {
        let value = try number()
        guard value <= end - position else { throw damaged }
        return value
    }

    /// A number that has to be below a limit.
    mutating func number(below limit: Int) throws -> Int {
        let value = try number()
        guard value < limit else { throw damaged }
        return value
    }

    mutating func fixed<I: FixedWidthInteger>(_: I.Type = I.self) throws -> I {
        let size = MemoryLayout<I>.size
        guard size <= end - position else { throw damaged }
        defer { position += size }
        return I(littleEndian: file.bytes.loadUnaligned(fromByteOffset: position, as: I.self))
    }

    mutating func float() throws -> Float { Float(bitPattern: try fixed(UInt32.self)) }
}
