import TopsailTensor

/// An array in a GGUF file's metadata, left in the mapped file until someone asks for its elements.
///
/// A vocabulary is an array of tens of thousands of strings; opening a file only walks over it to find its end.
public struct MetadataArray: Sendable {
    /// The type of all elements.
    public enum ElementType: UInt32, Sendable, Hashable {
        case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64
    }

    public let elementType: ElementType
    public let count: Int
    let file: MappedFile
    /// Where the elements lie in the file; validated when the file was opened.
    let range: Range<Int>

    /// Lends the elements' bytes; the mapping stays while `body` runs.
    private func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        withExtendedLifetime(file) { body(UnsafeRawBufferPointer(rebasing: file.bytes[range])) }
    }
}

extension MetadataArray {
    /// The elements of an integer array; `nil` for another type or when a value does not fit `Int`. Complexity:
    /// O(count).
    public var ints: [Int]? {
        elementType.integerType.flatMap { type in withBytes { IntegerDecoding.integers($0, as: type) } }
    }

    /// The elements of a number array as fp32; `nil` for another type. Complexity: O(count).
    public var floats: [Float]? {
        switch elementType {
        case .float32:
            withBytes { bytes in
                (0..<count).map { Float(bitPattern: Self.element(bytes, $0)) }
            }
        case .float64:
            withBytes { bytes in
                (0..<count).map { Float(Double(bitPattern: Self.element(bytes, $0))) }
            }
        default: ints?.map(Float.init)
        }
    }

    public var bools: [Bool]? {
        elementType == .bool ? withBytes { $0.map { $0 != 0 } } : nil
    }

    /// The elements of a string array as their UTF-8 bytes, unchanged; `nil` for another type. Complexity: O(bytes).
    public var byteStrings: [[UInt8]]? {
        var result: [[UInt8]] = []
        result.reserveCapacity(count)
        return forEachString { result.append([UInt8]($0)) } ? result : nil
    }

    /// The elements of a string array; bytes that are not UTF-8 become U+FFFD. `nil` for another type. Complexity:
    /// O(bytes).
    public var strings: [String]? {
        var result: [String] = []
        result.reserveCapacity(count)
        return forEachString { result.append(String(decoding: $0, as: UTF8.self)) } ? result : nil
    }

    /// Calls `body` with the bytes of each string in order, without copying them.
    ///
    /// - Parameter body: Its argument is valid during the call only.
    /// - Returns: `false`, without a call, when this is not an array of strings.
    @discardableResult
    public func forEachString(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        guard elementType == .string else { return false }
        withBytes { bytes in
            var position = 0
            for _ in 0..<count {
                let length = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                let start = position + MemoryLayout<UInt64>.size
                position = start + Int(length)
                body(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
            }
        }
        return true
    }

    private static func element<I: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> I {
        I(littleEndian: bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<I>.size, as: I.self))
    }
}

extension MetadataArray.ElementType {
    fileprivate var integerType: DType? {
        switch self {
        case .uint8: .u8
        case .int8: .i8
        case .uint16: .u16
        case .int16: .i16
        case .uint32: .u32
        case .int32: .i32
        case .uint64: .u64
        case .int64: .i64
        default: nil
        }
    }
}
