import TopsailTensor

/// Little-endian integer elements as `Int`.
enum IntegerDecoding {
    /// - Returns: `nil` when the type is not an integer or a value does not fit `Int`.
    static func integers(_ bytes: UnsafeRawBufferPointer, as dtype: DType) -> [Int]? {
        switch dtype {
        case .i8: widened(bytes, Int8.self)
        case .i16: widened(bytes, Int16.self)
        case .i32: widened(bytes, Int32.self)
        case .i64: widened(bytes, Int64.self)
        case .u8: widened(bytes, UInt8.self)
        case .u16: widened(bytes, UInt16.self)
        case .u32: widened(bytes, UInt32.self)
        case .u64: widened(bytes, UInt64.self)
        case .bool: bytes.map { $0 == 0 ? 0 : 1 }
        default: nil
        }
    }

    /// - Returns: `nil` when a value does not fit `Int`.
    static func widened<I: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _: I.Type) -> [Int]? {
        let stride = MemoryLayout<I>.size
        var values: [Int] = []
        values.reserveCapacity(bytes.count / stride)
        for start in Swift.stride(from: 0, to: bytes.count - bytes.count % stride, by: stride) {
            guard let value = Int(exactly: I(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: I.self)))
            else {
                return nil
            }
            values.append(value)
        }
        return values
    }
}
