/// Turns a pickled value into named tensors and settings: `{"ae": {"bias": …}, "step": 3}` gives a tensor `ae.bias` and a
/// setting `step`.
///
/// Containers may be shared, nested or even hold themselves; depth and the number of visits are bounded.
struct PickleFlattening {
    private let machine: PickleMachine
    private let path: String
    private(set) var metadata: ArchiveMetadata
    private(set) var tensors: [(name: String, place: Int)] = []
    private var names: Set<String> = []
    private var visits = 0

    private static let deepest = 32
    private static let mostVisits = 1 << 20

    init(_ machine: PickleMachine, path: String) {
        self.machine = machine
        self.path = path
        metadata = ArchiveMetadata(path: path)
    }

    /// - Parameter rootName: What a tensor goes by that is the whole value.
    mutating func visit(
        _ value: PickleValue, name: String, rootName: String, depth: Int = 0
    ) throws(FileFormatError) {
        visits += 1
        guard depth <= Self.deepest, visits <= Self.mostVisits else {
            throw error(name, .outOfRange("the value nests too deep or is too large"))
        }
        switch value {
        case .dictionary(let place): try visitEntries(machine.containers[place], name, rootName, depth)
        case .list(let place), .tuple(let place):
            for (i, item) in machine.containers[place].items.enumerated() {
                try visit(item, name: Self.join(name, "\(i)"), rootName: rootName, depth: depth + 1)
            }
        case .tensor(let place):
            let tensorName = name.isEmpty ? rootName : name
            guard names.insert(tensorName).inserted else { throw error(name, .corrupt("this name occurs twice")) }
            tensors.append((tensorName, place))
        default:
            guard let setting = Self.setting(value) else { return }
            guard metadata.insert(setting, for: name.isEmpty ? rootName : name) else {
                throw error(name, .corrupt("this name occurs twice"))
            }
        }
    }

    private mutating func visitEntries(
        _ container: PickledContainer, _ name: String, _ rootName: String, _ depth: Int
    ) throws(FileFormatError) {
        // As in Python the last value of a repeated key counts, in the place of the first.
        var last: [String: Int] = [:]
        var order: [String] = []
        for (i, key) in container.keys.enumerated() {
            let text: String
            switch key {
            case .text(let value): text = value
            case .int(let value): text = "\(value)"
            default: throw error(name, .unsupported("a dictionary whose keys are not texts or whole numbers"))
            }
            if last.updateValue(i, forKey: text) == nil { order.append(text) }
        }
        for key in order {
            guard let place = last[key] else { continue }
            try visit(
                container.items[place], name: Self.join(name, key), rootName: rootName, depth: depth + 1)
        }
    }

    private static func setting(_ value: PickleValue) -> MetadataValue? {
        switch value {
        case .bool(let value): .bool(value)
        case .int(let value): .int64(Int64(value))
        case .unsigned(let value): .uint64(value)
        case .float(let value): .float64(value)
        case .text(let value): .string(value)
        case .global(let global): .string(global.name)
        default: nil
        }
    }

    private static func join(_ name: String, _ part: String) -> String { name.isEmpty ? part : "\(name).\(part)" }

    private func error(_ name: String, _ reason: FileFormatError.Reason) -> FileFormatError {
        FileFormatError(path: path, place: name.isEmpty ? "data.pkl" : String(name.prefix(200)), reason: reason)
    }
}
