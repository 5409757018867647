/// A value while a template runs; each case is a type of Python or of Jinja.
package enum JinjaValue {
    /// With what is said when something is done with it that needs a value.
    case undefined(String)
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(PythonString)
    case list(JinjaItems)
    case tuple(JinjaItems)
    case dict(JinjaDict)
    case range(JinjaRange)
    case view(JinjaView)
    case iterator(JinjaIterator)
    case namespace(JinjaNamespace)
    case macro(JinjaClosure)
    case loop(JinjaLoopState)
    case function(JinjaFunction)
    case method(JinjaMethod)

    static func text(_ text: String) -> JinjaValue { .string(PythonString(text)) }
    static func list(_ items: [JinjaValue]) throws -> JinjaValue { .list(try JinjaItems(items)) }
    static func tuple(_ items: [JinjaValue]) throws -> JinjaValue { .tuple(try JinjaItems(items)) }

    /// What Python calls the type.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "str"
        case .list: "list"
        case .tuple: "tuple"
        case .dict: "dict"
        case .range: "range"
        case .view(let view): view.kind.rawValue
        case .iterator: "generator"
        case .namespace: "Namespace"
        case .macro: "Macro"
        case .loop: "LoopContext"
        case .function: "function"
        case .method: "method"
        }
    }

    var isUndefined: Bool { if case .undefined = self { true } else { false } }
    var isString: Bool { if case .string = self { true } else { false } }

    /// A whole number, for which Python also takes the truth values.
    var integer: Int? {
        switch self {
        case .int(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// Any number as floating point.
    var number: Double? { if case .float(let value) = self { value } else { integer.map(Double.init) } }

    /// What is passed around by printing or comparing it.
    var weight: Int {
        switch self {
        case .string(let text): 1 + text.count / 16
        case .list(let items), .tuple(let items): items.weight
        case .dict(let dict): dict.weight
        case .view(let view): view.dict.weight
        default: 1
        }
    }

    /// How deeply values are nested in it.
    var depth: Int {
        switch self {
        case .list(let items), .tuple(let items): items.depth
        case .dict(let dict): dict.depth
        case .view(let view): view.dict.depth
        case .iterator(let iterator): iterator.depth
        case .loop(let loop): loop.depth
        case .method(let method): method.owner.depth + 1
        default: 0
        }
    }
}

/// The elements of a list or a tuple; neither changes in the sandbox.
package final class JinjaItems {
    let elements: [JinjaValue]
    let weight: Int
    let depth: Int

    /// - Throws: When the values nest too deeply or are too many.
    package init(_ elements: [JinjaValue]) throws {
        self.elements = elements
        (weight, depth) = try Self.measure(elements)
    }

    static func measure(_ values: [JinjaValue]) throws -> (weight: Int, depth: Int) {
        var weight = 1
        var depth = 0
        for value in values {
            weight += value.weight
            depth = max(depth, value.depth)
        }
        guard depth < JinjaLimits.valueDepth else { throw JinjaFailure.limit("values are nested too deeply") }
        guard weight <= JinjaLimits.weight else { throw JinjaFailure.limit("a value is too large") }
        return (weight, depth + 1)
    }
}

/// What an element is found by: Python's equality, where 1, 1.0 and True are one key.
package enum JinjaKey: Hashable {
    case none, undefined
    case int(Int)
    case float(Double)
    case string(PythonString)
    case tuple([JinjaKey])
    case object(ObjectIdentifier)

    /// `nil` for a value that cannot be a key.
    init?(_ value: JinjaValue) {
        switch value {
        case .undefined: self = .undefined
        case .none: self = .none
        case .bool, .int: self = .int(value.integer!)
        case .float(let number): self = Int(exactly: number).map(JinjaKey.int) ?? .float(number)
        case .string(let text): self = .string(text)
        case .tuple(let items):
            let keys = items.elements.compactMap(JinjaKey.init)
            guard keys.count == items.elements.count else { return nil }
            self = .tuple(keys)
        case .namespace(let object): self = .object(ObjectIdentifier(object))
        case .macro(let object): self = .object(ObjectIdentifier(object))
        case .iterator(let object): self = .object(ObjectIdentifier(object))
        case .loop(let object): self = .object(ObjectIdentifier(object))
        case .list, .dict, .view, .range, .function, .method: return nil
        }
    }
}

/// A mapping that keeps the order of its keys.
package final class JinjaDict {
    let keys: [JinjaValue]
    let values: [JinjaValue]
    let weight: Int
    let depth: Int
    private let places: [JinjaKey: Int]

    /// - Throws: For a key that cannot be one, and when the values nest too deeply or are too many.
    package init(_ pairs: [(key: JinjaValue, value: JinjaValue)]) throws {
        var keys: [JinjaValue] = []
        var values: [JinjaValue] = []
        var places: [JinjaKey: Int] = [:]
        for (key, value) in pairs {
            guard let found = JinjaKey(key) else { throw JinjaFailure.failed("\(key.typeName) cannot be a key") }
            if let place = places[found] {
                values[place] = value
            } else {
                places[found] = keys.count
                keys.append(key)
                values.append(value)
            }
        }
        (weight, depth) = try JinjaItems.measure(keys + values)
        (self.keys, self.values, self.places) = (keys, values, places)
    }

    var count: Int { keys.count }
    var pairs: [(key: JinjaValue, value: JinjaValue)] { keys.indices.map { (keys[$0], values[$0]) } }

    subscript(key: JinjaKey) -> JinjaValue? { places[key].map { values[$0] } }
    subscript(name: String) -> JinjaValue? { self[.string(PythonString(name))] }
}

/// What `keys()`, `values()` and `items()` of a mapping return.
package struct JinjaView {
    enum Kind: String { case keys = "dict_keys", values = "dict_values", items = "dict_items" }
    let kind: Kind
    let dict: JinjaDict

    func elements() throws -> [JinjaValue] {
        switch kind {
        case .keys: dict.keys
        case .values: dict.values
        case .items: try dict.pairs.map { try .tuple([$0.key, $0.value]) }
        }
    }
}

/// An arithmetic sequence, short enough for Jinja's sandbox.
package struct JinjaRange: Equatable {
    let start, stop, step: Int
    let count: Int

    init(start: Int, stop: Int, step: Int) throws {
        guard step != 0 else { throw JinjaFailure.failed("the step of a range is zero") }
        (self.start, self.stop, self.step) = (start, stop, step)
        let (distance, overflows) =
            step > 0 ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
        let length = distance <= 0 ? 0 : (distance - 1) / Int(step.magnitude.clamped()) + 1
        guard !(overflows && (step > 0) == (stop > start)), overflows || length <= JinjaLimits.rangeLength else {
            throw JinjaFailure.limit("the range is longer than \(JinjaLimits.rangeLength)")
        }
        count = overflows ? 0 : length
    }

    subscript(index: Int) -> Int { start + index * step }
    var elements: [JinjaValue] { (0..<count).map { .int(self[$0]) } }
}

extension UInt {
    fileprivate func clamped() -> Int { Int(exactly: self) ?? .max }
}

/// Attributes that a template may change.
package final class JinjaNamespace {
    var names: [String] = []
    var values: [String: JinjaValue] = [:]

    func set(_ name: String, _ value: JinjaValue) {
        if values.updateValue(value, forKey: name) == nil { names.append(name) }
    }
}

/// A method bound to its owner.
package final class JinjaMethod {
    let owner: JinjaValue
    let name: String

    init(_ name: String, of owner: JinjaValue) {
        self.owner = owner
        self.name = name
    }
}

/// The functions that every template may call.
package enum JinjaFunction: String, CaseIterable {
    case range, dict, namespace, cycler, joiner, lipsum
    case raiseException = "raise_exception"
    case now = "strftime_now"
}

/// A macro with the variables that were in reach where it was defined.
package final class JinjaClosure {
    let macro: JinjaMacro
    let scope: JinjaScope

    init(_ macro: JinjaMacro, _ scope: JinjaScope) {
        self.macro = macro
        self.scope = scope
    }
}

/// Values that are computed when they are asked for, once.
package final class JinjaIterator {
    let depth: Int
    private let step: () throws -> JinjaValue?

    init(depth: Int, _ step: @escaping () throws -> JinjaValue?) throws {
        guard depth < JinjaLimits.valueDepth else { throw JinjaFailure.limit("values are nested too deeply") }
        self.depth = depth + 1
        self.step = step
    }

    /// Over values that are all there.
    convenience init(_ elements: [JinjaValue], depth: Int) throws {
        var rest = elements.makeIterator()
        try self.init(depth: depth) { rest.next() }
    }

    func next() throws -> JinjaValue? { try step() }
}

/// The variables of a scope that is open.
package final class JinjaScope {
    let layout: JinjaScopeLayout
    let outer: JinjaScope?
    var values: [String: JinjaValue] = [:]

    init(_ layout: JinjaScopeLayout, outer: JinjaScope?) {
        self.layout = layout
        self.outer = outer
    }
}
