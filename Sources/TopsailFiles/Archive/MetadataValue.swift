/// One setting of a file: GGUF's value types, of which safetensors uses `string` alone.
public enum MetadataValue: Sendable {
    case uint8(UInt8), uint16(UInt16), uint32(UInt32), uint64(UInt64)
    case int8(Int8), int16(Int16), int32(Int32), int64(Int64)
    case float32(Float), float64(Double)
    case bool(Bool)
    case string(String)
    case array(MetadataArray)
}

extension MetadataValue {
    /// Any integer that fits.
    public var int: Int? {
        switch self {
        case .uint8(let value): Int(value)
        case .int8(let value): Int(value)
        case .uint16(let value): Int(value)
        case .int16(let value): Int(value)
        case .uint32(let value): Int(value)
        case .int32(let value): Int(value)
        case .uint64(let value): Int(exactly: value)
        case .int64(let value): Int(value)
        default: nil
        }
    }

    /// Any number, rounded to fp32.
    public var float: Float? {
        switch self {
        case .float32(let value): value
        case .float64(let value): Float(value)
        case .uint64(let value): Float(value)
        default: int.map(Float.init)
        }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    public var array: MetadataArray? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The kind of value in words, for errors.
    var kind: String {
        switch self {
        case .float32, .float64: "a number"
        case .bool: "true or false"
        case .string: "a text"
        case .array(let array): "an array of \(array.count)"
        default: "an integer"
        }
    }
}
