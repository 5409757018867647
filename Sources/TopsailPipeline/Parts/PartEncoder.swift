import Foundation
import TopsailFiles

/// Writes the values of a part one after the other: whole numbers in as few bytes as they need, floats as they are.
struct PartEncoder {
    private let file: PendingFile
    private var hash = SHA256()
    private var buffer: [UInt8] = []

    private static let pieceBytes = 1 << 20

    init(path: String) throws { file = try PendingFile(path: path) }

    mutating func write(bytes: some Sequence<UInt8>) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.pieceBytes { try flush() }
    }

    /// Seven bits a byte, the lowest first (LEB128).
    mutating func write(_ number: Int) throws {
        var rest = UInt64(number)
        while rest >= 0x80 {
            buffer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        try write(bytes: CollectionOfOne(UInt8(rest)))
    }

    mutating func write(fixed number: some FixedWidthInteger) throws {
        try withUnsafeBytes(of: number.littleEndian) { try write(bytes: $0) }
    }

    mutating func write(_ value: Float) throws { try write(fixed: value.bitPattern) }

    /// Puts the checksum at the end and gives the file its name.
    mutating func finish() throws {
        try flush()
        try file.append(Data(hash.hexDigest().utf8))
        try file.commit()
    }

    private mutating func flush() throws {
        try buffer.withUnsafeBytes {
            hash.update($0)
            try file.append($0)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
