import Foundation

/// A blob ends too early or says something impossible.
struct PackingError: Error {}

/// Reads what `ByteWriter` wrote. Blobs come from a file that anyone may have edited, so every step is checked.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ data: Data) { bytes = [UInt8](data) }

    var remaining: Int { bytes.count - position }
    var isAtEnd: Bool { remaining == 0 }

    mutating func byte() throws(PackingError) -> UInt8 {
        guard position < bytes.count else { throw PackingError() }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func take(_ count: Int) throws(PackingError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw PackingError() }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func fixed<T: FixedWidthInteger>(_ type: T.Type) throws(PackingError) -> T {
        let part = try take(MemoryLayout<T>.size)
        return part.reversed().reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
    }

    mutating func float() throws(PackingError) -> Float { Float(bitPattern: try fixed(UInt32.self)) }

    mutating func varint() throws(PackingError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            let byte = try byte()
            let part = UInt64(byte & 0x7F)
            guard shift < 63 || part <= 1 else { throw PackingError() }
            value |= part << shift
            if byte & 0x80 == 0 { return value }
        }
        throw PackingError()
    }

    /// A count of things of which each takes at least `bytesEach` bytes of what is left.
    mutating func count(bytesEach: Int) throws(PackingError) -> Int {
        let value = try int()
        guard bytesEach == 0 || value <= remaining / bytesEach else { throw PackingError() }
        return value
    }

    /// A number that fits in 48 bits: positions and lengths never come near.
    mutating func int() throws(PackingError) -> Int {
        let value = try varint()
        guard value < 1 << 48 else { throw PackingError() }
        return Int(value)
    }
}
