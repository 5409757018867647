import TopsailTensor

/// The few names a pickle may use. None of them runs anything: each stands for something this program does itself.
enum PickleGlobal {
    case orderedDictionary
    case rebuildTensor
    /// As `rebuildTensor`, with the element type as an argument.
    case rebuildTypedTensor
    case rebuildParameter
    /// A shape, which is a tuple.
    case size
    case device
    case storage(DType)
    case untypedStorage
    /// An element type as a plain value; `dtype` is `nil` for those that cannot be read.
    case elementType(String, DType?)

    /// - Returns: `nil` for every other name.
    init?(module: String, attribute: String) {
        switch (module, attribute) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTypedTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", "Size"): self = .size
        case ("torch", "device"): self = .device
        case ("torch.storage", "UntypedStorage"): self = .untypedStorage
        case ("torch", let name):
            if let dtype = Self.storages[name] {
                self = .storage(dtype)
            } else if Self.elementTypes.contains(name) {
                self = .elementType(name, Self.readable[name])
            } else {
                return nil
            }
        default: return nil
        }
    }

    /// For errors.
    var name: String {
        switch self {
        case .orderedDictionary: "collections.OrderedDict"
        case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
        case .rebuildTypedTensor: "torch._utils._rebuild_tensor_v3"
        case .rebuildParameter: "torch._utils._rebuild_parameter"
        case .size: "torch.Size"
        case .device: "torch.device"
        case .storage(let dtype): "torch storage of \(dtype.name)"
        case .untypedStorage: "torch.storage.UntypedStorage"
        case .elementType(let name, _): "torch.\(name)"
        }
    }

    private static let storages: [String: DType] = [
        "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16, "DoubleStorage": .f64,
        "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .u8,
        "BoolStorage": .bool,
    ]

    private static let readable: [String: DType] = [
        "float32": .f32, "float": .f32, "float16": .f16, "half": .f16, "bfloat16": .bf16, "float64": .f64,
        "double": .f64, "int64": .i64, "long": .i64, "int32": .i32, "int": .i32, "int16": .i16, "short": .i16,
        "int8": .i8, "uint8": .u8, "uint16": .u16, "uint32": .u32, "uint64": .u64, "bool": .bool,
        "float8_e4m3fn": .f8e4m3,
    ]

    /// Types that may stand in a configuration although no tensor of them can be read.
    private static let elementTypes = Set(readable.keys).union(["float8_e5m2", "complex64", "complex128"])
}
