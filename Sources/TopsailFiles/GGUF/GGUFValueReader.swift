import TopsailTensor

/// Reads one setting's value. Arrays are walked and checked to their end but not decoded.
struct GGUFValueReader {
    let file: MappedFile
    var reader: ByteReader

    /// Arrays within arrays within arrays have no use; the bound keeps a hostile file from exhausting the stack.
    private static let deepestArray = 4

    mutating func readValue() throws(FileFormatError) -> MetadataValue {
        try readValue(try readType())
    }

    mutating func readValue(_ type: MetadataArray.ElementType) throws(FileFormatError) -> MetadataValue {
        switch type {
        case .uint8: .uint8(try reader.integer())
        case .int8: .int8(try reader.integer())
        case .uint16: .uint16(try reader.integer())
        case .int16: .int16(try reader.integer())
        case .uint32: .uint32(try reader.integer())
        case .int32: .int32(try reader.integer())
        case .uint64: .uint64(try reader.integer())
        case .int64: .int64(try reader.integer())
        case .float32: .float32(Float(bitPattern: try reader.integer()))
        case .float64: .float64(Double(bitPattern: try reader.integer()))
        case .bool: .bool(try readBool())
        case .string: .string(String(decoding: try readString(), as: UTF8.self))
        case .array: .array(try readArray(depth: 1))
        }
    }

    private mutating func readArray(depth: Int) throws(FileFormatError) -> MetadataArray {
        guard depth <= Self.deepestArray else {
            throw reader.error(.unsupported("an array nested deeper than \(Self.deepestArray)"))
        }
        let type = try readType()
        let count = try reader.claim(try reader.integer(), of: type.leastSize, what: "an array length")
        let start = reader.position
        switch type {
        case .string:
            for _ in 0..<count { _ = try readString() }
        case .array:
            for _ in 0..<count { _ = try readArray(depth: depth + 1) }
        case .bool:
            for _ in 0..<count { _ = try readBool() }
        default:
            _ = try reader.take(UInt64(count), of: type.leastSize, what: "an array length")
        }
        return MetadataArray(elementType: type, count: count, file: file, range: start..<reader.position)
    }

    private mutating func readType() throws(FileFormatError) -> MetadataArray.ElementType {
        let number = try reader.integer(UInt32.self)
        guard let type = MetadataArray.ElementType(rawValue: number) else {
            throw reader.error(.unsupported("value type number \(number)"))
        }
        return type
    }

    private mutating func readString() throws(FileFormatError) -> UnsafeRawBufferPointer {
        try reader.take(try reader.integer(), what: "a text length")
    }

    private mutating func readBool() throws(FileFormatError) -> Bool {
        let byte = try reader.integer(UInt8.self)
        guard byte <= 1 else { throw reader.error(.corrupt("\(byte) is neither true nor false")) }
        return byte == 1
    }
}

extension MetadataArray.ElementType {
    /// Bytes that one element takes at least: its size, or that of its length fields.
    var leastSize: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64, .string: 8
        case .array: 4 + 8
        }
    }
}

extension MetadataArray {
    /// All elements, of whatever type, nested arrays included. Complexity: O(bytes).
    public var elements: [MetadataValue] {
        var values = GGUFValueReader(
            file: file, reader: ByteReader(file.bytes, path: file.path, position: range.lowerBound))
        // The bytes were checked when the file was opened, so that nothing can be thrown here.
        return withExtendedLifetime(file) { (0..<count).compactMap { _ in try? values.readValue(elementType) } }
    }
}
