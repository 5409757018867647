/// An element or block type of a stored tensor: safetensors' and torch's plain types, and GGUF's block types.
public enum DType: String, Sendable, Hashable, CaseIterable {
    case f64 = "F64", f32 = "F32", f16 = "F16", bf16 = "BF16", f8e4m3 = "F8_E4M3"
    case i8 = "I8", i16 = "I16", i32 = "I32", i64 = "I64"
    case u8 = "U8", u16 = "U16", u32 = "U32", u64 = "U64", bool = "BOOL"
    case q4_0 = "Q4_0", q4_1 = "Q4_1", q5_0 = "Q5_0", q5_1 = "Q5_1", q8_0 = "Q8_0"
    case q2_K = "Q2_K", q3_K = "Q3_K", q4_K = "Q4_K", q5_K = "Q5_K", q6_K = "Q6_K"
    case iq4_nl = "IQ4_NL", iq4_xs = "IQ4_XS"

    /// The name used by safetensors and GGUF: `F32`, `Q4_1`.
    public var name: String { rawValue }

    /// Whether values of this type can be NaN or infinite; block types have scales that can.
    public var isFloatingPoint: Bool {
        switch self {
        case .i8, .i16, .i32, .i64, .u8, .u16, .u32, .u64, .bool: false
        default: true
        }
    }

    /// Elements in one block; 1 for plain types.
    public var blockSize: Int { layout.elements }

    /// Bytes of one block; of one element for plain types.
    public var bytesPerBlock: Int { layout.bytes }

    /// Bytes that `elements` values take, or `nil` when they are no whole number of blocks or the product overflows.
    public func byteCount(elements: Int) -> Int? {
        let (size, bytes) = layout
        guard elements >= 0, elements % size == 0 else { return nil }
        let (total, overflow) = (elements / size).multipliedReportingOverflow(by: bytes)
        return overflow ? nil : total
    }

    private var layout: (elements: Int, bytes: Int) {
        switch self {
        case .i8, .u8, .bool, .f8e4m3: (1, 1)
        case .f16, .bf16, .i16, .u16: (1, 2)
        case .f32, .i32, .u32: (1, 4)
        case .f64, .i64, .u64: (1, 8)
        case .q4_0: (32, 18)
        case .q4_1: (32, 20)
        case .q5_0: (32, 22)
        case .q5_1: (32, 24)
        case .q8_0: (32, 34)
        case .q2_K: (256, 84)
        case .q3_K: (256, 110)
        case .q4_K: (256, 144)
        case .q5_K: (256, 176)
        case .q6_K: (256, 210)
        case .iq4_nl: (32, 18)
        case .iq4_xs: (256, 136)
        }
    }
}

// MARK: GGUF numbers

extension DType {
    /// The type with this number in a GGUF file; `nil` for one that is not supported.
    public init?(ggufNumber: UInt32) {
        guard let type = Self.allCases.first(where: { $0.ggufNumber == ggufNumber }) else { return nil }
        self = type
    }

    /// The number of this type in a GGUF file; `nil` for types that GGUF does not have.
    public var ggufNumber: UInt32? {
        switch self {
        case .f32: 0
        case .f16: 1
        case .q4_0: 2
        case .q4_1: 3
        case .q5_0: 6
        case .q5_1: 7
        case .q8_0: 8
        case .q2_K: 10
        case .q3_K: 11
        case .q4_K: 12
        case .q5_K: 13
        case .q6_K: 14
        case .iq4_nl: 20
        case .iq4_xs: 23
        case .i8: 24
        case .i16: 25
        case .i32: 26
        case .i64: 27
        case .f64: 28
        case .bf16: 30
        case .f8e4m3, .u8, .u16, .u32, .u64, .bool: nil
        }
    }
}
