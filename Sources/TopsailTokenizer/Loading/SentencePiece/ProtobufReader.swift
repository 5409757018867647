/// Walks the fields of a protocol buffer message. Nothing is copied and no length is believed before it is checked.
struct ProtobufReader {
    enum Value {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        case bytes(UnsafeRawBufferPointer)

        var bool: Bool? { if case .varint(let value) = self { value != 0 } else { nil } }
        var float: Float? { if case .fixed32(let bits) = self { Float(bitPattern: bits) } else { nil } }
        var int: Int? { if case .varint(let value) = self { Int(Int64(bitPattern: value)) } else { nil } }
        var bytes: UnsafeRawBufferPointer? { if case .bytes(let bytes) = self { bytes } else { nil } }
    }

    /// Where a message stops being one.
    struct Malformed: Error {
        /// In bytes from the start of the message.
        var offset: Int
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next field's number and value; `nil` at the end.
    mutating func next() throws(Malformed) -> (field: Int, value: Value)? {
        guard position < bytes.count else { return nil }
        let key = try varint()
        guard let field = Int(exactly: key >> 3), (1..<1 << 29).contains(field) else { throw malformed }
        switch key & 7 {
        case 0: return (field, .varint(try varint()))
        case 1: return (field, .fixed64(try fixed(8)))
        case 2:
            guard let length = Int(exactly: try varint()), length <= bytes.count - position else { throw malformed }
            defer { position += length }
            return (field, .bytes(UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])))
        case 5: return (field, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw malformed
        }
    }

    private var malformed: Malformed { Malformed(offset: position) }

    private mutating func varint() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            guard position < bytes.count else { throw malformed }
            let byte = bytes[position]
            position += 1
            guard shift < 63 || byte <= 1 else { throw malformed }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw malformed
    }

    private mutating func fixed(_ count: Int) throws(Malformed) -> UInt64 {
        guard position + count <= bytes.count else { throw malformed }
        defer { position += count }
        return (0..<count).reduce(0) { $0 | UInt64(bytes[position + $1]) << UInt64(8 * $1) }
    }
}
