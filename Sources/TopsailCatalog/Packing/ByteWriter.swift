import Foundation

/// Appends numbers to a blob: little-endian fixed widths, and LEB128 for counts.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    var data: Data { Data(bytes) }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func append(_ values: some Sequence<UInt8>) { bytes.append(contentsOf: values) }

    mutating func fixed<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func float(_ value: Float) { fixed(value.bitPattern) }

    /// Seven bits a byte, lowest first, the high bit set on all but the last.
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// - Precondition: `value` is not negative.
    mutating func count(_ value: Int) { varint(UInt64(value)) }
}
