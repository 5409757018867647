import CKernels

/// Stored values widened to fp32.
public enum Dequantize {
    /// Widens `count` consecutive elements to fp32; true is 1 and false 0.
    ///
    /// - Parameters:
    ///   - source: At least `type.byteCount(elements: count)` readable bytes; no alignment needed for block types.
    ///   - count: Elements; a multiple of `type.blockSize`.
    ///   - destination: Room for `count` floats.
    public static func row(
        _ source: UnsafeRawPointer, type: DType, count: Int, into destination: UnsafeMutablePointer<Float>
    ) {
        switch type {
        case .f64: widen(source, Double.self, count, destination) { Float($0) }
        case .f8e4m3: tsk_f8e4m3_to_f32(source.assumingMemoryBound(to: UInt8.self), count, destination)
        case .i8: widen(source, Int8.self, count, destination) { Float($0) }
        case .i16: widen(source, Int16.self, count, destination) { Float($0) }
        case .i32: widen(source, Int32.self, count, destination) { Float($0) }
        case .i64: widen(source, Int64.self, count, destination) { Float($0) }
        case .u8: widen(source, UInt8.self, count, destination) { Float($0) }
        case .u16: widen(source, UInt16.self, count, destination) { Float($0) }
        case .u32: widen(source, UInt32.self, count, destination) { Float($0) }
        case .u64: widen(source, UInt64.self, count, destination) { Float($0) }
        case .bool: widen(source, UInt8.self, count, destination) { $0 == 0 ? 0 : 1 }
        default:
            let status = type.ggufNumber.map { tsk_dequantize(CInt($0), source, count, destination) } ?? -1
            precondition(status == 0, "\(type.name) cannot be widened to fp32")
        }
    }

    private static func widen<T: BitwiseCopyable>(
        _ source: UnsafeRawPointer, _: T.Type, _ count: Int, _ destination: UnsafeMutablePointer<Float>,
        _ convert: (T) -> Float
    ) {
        for i in 0..<count {
            destination[i] = convert(source.loadUnaligned(fromByteOffset: i * MemoryLayout<T>.stride, as: T.self))
        }
    }
}

/// fp16 bit patterns to and from fp32, for files and buffers that hold half precision.
public enum HalfPrecision {
    /// Narrows with round to nearest even; values beyond 65,504 become infinite.
    public static func encode(
        _ source: UnsafePointer<Float>, count: Int, into destination: UnsafeMutablePointer<UInt16>
    ) {
        tsk_f32_to_f16(source, count, destination)
    }

    public static func decode(
        _ source: UnsafePointer<UInt16>, count: Int, into destination: UnsafeMutablePointer<Float>
    ) {
        tsk_f16_to_f32(source, count, destination)
    }
}
