/// The names that Python's types bring, which come before the keys of a mapping when a template writes `value.name`.
enum JinjaMembers {
    private static let text: Set<String> = [
        "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "startswith", "endswith", "upper", "lower",
        "title",
        "capitalize", "replace", "find", "rfind", "index", "rindex", "count", "join", "removeprefix", "removesuffix",
        "isdigit", "isalpha", "isalnum", "isspace", "islower", "isupper", "partition", "rpartition", "zfill", "ljust",
        "rjust", "center",
    ]
    private static let otherText: Set<String> = [
        "casefold", "encode", "expandtabs", "format", "format_map", "isascii", "isdecimal", "isidentifier", "isnumeric",
        "isprintable", "istitle", "maketrans", "swapcase", "translate",
    ]
    private static let mapping: Set<String> = ["items", "keys", "values", "get", "copy"]
    private static let sequence: Set<String> = ["index", "count"]
    private static let numbers: Set<String> = [
        "as_integer_ratio", "bit_count", "bit_length", "conjugate", "denominator", "from_bytes", "fromhex", "hex",
        "imag",
        "is_integer", "numerator", "real", "to_bytes",
    ]

    static func methods(of value: JinjaValue) -> Set<String> {
        switch value {
        case .string: text
        case .dict: mapping
        case .tuple, .range: sequence
        case .list: sequence.union(["copy"])
        default: []
        }
    }

    /// Names that are there in Python and not here.
    static func others(of value: JinjaValue) -> Set<String> {
        switch value {
        case .string: otherText
        case .dict: ["fromkeys"]
        case .range: ["start", "stop", "step"]
        case .view: ["mapping", "isdisjoint"]
        case .bool, .int, .float: numbers
        case .macro: ["arguments", "catch_kwargs", "catch_varargs", "caller", "explicit_caller"]
        case .function: ["fromkeys"]
        case .iterator: ["close", "send", "throw", "gi_frame", "gi_code", "gi_running", "gi_yieldfrom"]
        default: []
        }
    }

    /// What the sandbox keeps from templates: Python's inner names, and all that changes a value.
    static func isRefused(_ name: String, of value: JinjaValue) -> Bool {
        if name.hasPrefix("__"), name.hasSuffix("__"), name.count > 4 { return true }
        return switch value {
        case .list: ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"].contains(name)
        case .dict: ["clear", "pop", "popitem", "setdefault", "update"].contains(name)
        default: false
        }
    }
}
