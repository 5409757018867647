// What `is` and the filters of selection test.

extension JinjaInterpreter {
    func test(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> Bool {
        if let op = JinjaNames.comparingTests[name] {
            return try compare(op, value, try arguments.bound(["value"], required: 1, to: name)[0]!)
        }
        switch name {
        case "in": return try compare("in", value, try arguments.bound(["seq"], required: 1, to: name)[0]!)
        case "sameas":
            return try isSame(value, try arguments.bound(["other"], required: 1, to: name)[0]!)
        case "divisibleby":
            return try isRest(of: value, by: try arguments.bound(["num"], required: 1, to: name)[0]!, 0)
        default: break
        }
        guard JinjaNames.tests.contains(name) else { throw JinjaFailure.failed("there is no test \(name)") }
        _ = try arguments.bound([], to: name)
        return try test(name, value)
    }

    private func test(_ name: String, _ value: JinjaValue) throws -> Bool {
        switch (name, value) {
        case ("odd", _): return try isRest(of: value, by: .int(2), 1)
        case ("even", _): return try isRest(of: value, by: .int(2), 0)
        case ("defined", _): return !value.isUndefined
        case ("undefined", _): return value.isUndefined
        case ("none", .none), ("true", .bool(true)), ("false", .bool(false)): return true
        case ("boolean", .bool), ("integer", .int), ("float", .float), ("string", .string), ("mapping", .dict):
            return true
        case ("number", _): return value.number != nil
        case ("sequence", .undefined), ("sequence", .string), ("sequence", .list), ("sequence", .tuple),
            ("sequence", .dict), ("sequence", .range):
            return true
        case ("iterable", .loop), ("iterable", .iterator): return true
        case ("iterable", _): return sizeIfKnown(of: value) != nil
        case ("callable", .macro), ("callable", .function), ("callable", .method), ("callable", .undefined),
            ("callable", .loop):
            return true
        case ("lower", _), ("upper", _): return PythonString.isCase(try print(value), lower: name == "lower")
        case ("escaped", .string(let text)): return text.isMarkup
        case ("filter", .string(let text)): return JinjaNames.filters.contains(text.text)
        case ("test", .string(let text)): return JinjaNames.isTest(text.text)
        default: return false
        }
    }

    private func isRest(of value: JinjaValue, by divisor: JinjaValue, _ rest: Int) throws -> Bool {
        try areEqual(try binary("%", value, divisor), .int(rest))
    }

    /// Python's `is`, where the values tell.
    private func isSame(_ left: JinjaValue, _ right: JinjaValue) throws -> Bool {
        switch (left, right) {
        case (.none, .none): true
        case (.bool(let left), .bool(let right)): left == right
        case (.bool, _), (_, .bool), (.none, _), (_, .none): false
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)): left === right
        case (.dict(let left), .dict(let right)): left === right
        case (.namespace(let left), .namespace(let right)): left === right
        case _ where left.typeName != right.typeName: false
        default: throw JinjaFailure.unsupported("sameas for \(left.typeName)")
        }
    }
}

/// The names of filters and tests.
enum JinjaNames {
    static let comparingTests = [
        "==": "==", "eq": "==", "equalto": "==", "!=": "!=", "ne": "!=", ">": ">", "gt": ">", "greaterthan": ">",
        "ge": ">=", ">=": ">=", "<": "<", "lt": "<", "lessthan": "<", "<=": "<=", "le": "<=",
    ]
    static let tests: Set<String> = [
        "odd", "even", "divisibleby", "defined", "undefined", "filter", "test", "none", "boolean", "false", "true",
        "integer", "float", "lower", "upper", "string", "mapping", "number", "sequence", "iterable", "callable",
        "sameas",
        "escaped", "in",
    ]
    static func isTest(_ name: String) -> Bool { tests.contains(name) || comparingTests[name] != nil }

    static let unsupportedFilters: Set<String> = [
        "filesizeformat", "format", "groupby", "pprint", "random", "striptags", "urlencode", "urlize", "wordcount",
        "wordwrap", "xmlattr",
    ]
    static let filters: Set<String> = unsupportedFilters.union([
        "abs", "attr", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape", "first",
        "float", "forceescape", "indent", "int", "items", "join", "last", "length", "list", "lower", "map", "max",
        "min",
        "reject", "rejectattr", "replace", "reverse", "round", "safe", "select", "selectattr", "slice", "sort",
        "string",
        "sum", "title", "tojson", "trim", "truncate", "unique", "upper",
    ])
}
