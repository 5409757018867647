import TopsailTensor

/// A value on the pickle machine's stack. Containers lie in the machine's table and are named by their place in it, so that
/// values neither nest nor own one another, whatever the pickle builds.
enum PickleValue {
    case none
    case bool(Bool)
    case int(Int)
    case unsigned(UInt64)
    case float(Double)
    case text(String)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(PickleGlobal)
    /// A place in the machine's table of storages.
    case storage(Int)
    /// A place in the machine's table of tensors.
    case tensor(Int)

    /// The kind of value in words, for errors.
    var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a truth value"
        case .int, .unsigned: "a whole number"
        case .float: "a number"
        case .text: "a text"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dictionary"
        case .global(let global): "the global \(global.name)"
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// A storage that a pickle names: where its bytes are and what they hold.
struct PickledStorage {
    /// The entry's name below `data/`.
    var key: String
    /// `nil` when it is a row of bytes whose type comes with each tensor.
    var dtype: DType?
    /// Elements; bytes when there is no type.
    var count: Int
}

/// A tensor as a pickle rebuilds it; checked against its storage later.
struct PickledTensor {
    var storage: Int
    var dtype: DType
    var offset: Int
    var shape: [Int]
    var strides: [Int]
}

/// A list, a tuple or the keys and values of a dictionary.
struct PickledContainer {
    var items: [PickleValue] = []
    var keys: [PickleValue] = []
}
