extension JinjaInterpreter {
    func sequenceFilter(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch name {
        case "map": return try map(value, arguments)
        case "select", "reject", "selectattr", "rejectattr":
            return try selected(value, arguments, byAttribute: name.hasSuffix("attr"), keeps: name.hasPrefix("select"))
        case "join": return try joinFilter(value, arguments)
        case "sort": return try sorted(value, arguments)
        case "dictsort": return try dictSorted(value, arguments)
        case "unique": return try unique(value, arguments)
        case "sum": return try sum(value, arguments)
        case "min", "max": return try extreme(value, arguments, name)
        case "batch": return try batched(value, arguments)
        case "slice": return try sliced(value, arguments)
        default: break
        }
        _ = try arguments.bound([], to: name)
        switch name {
        case "list": return try .list(try elements(of: value))
        case "first": return try makeIterator(over: value).next() ?? .undefined("there is no first item")
        case "last": return try reversible(value).last ?? .undefined("there is no last item")
        case "items": return try items(value)
        default: return try reversed(value)
        }
    }

    private func items(_ value: JinjaValue) throws -> JinjaValue {
        switch value {
        case .undefined: return .iterator(try JinjaIterator([], depth: 0))
        case .dict(let dict):
            return .iterator(try JinjaIterator(try JinjaView(kind: .items, dict: dict).elements(), depth: dict.depth))
        default:
            // Python finds out when the first item is asked for.
            return .iterator(try JinjaIterator(depth: 0) { throw JinjaFailure.failed("items takes a mapping") })
        }
    }

    /// The elements of what can be walked from its end.
    private func reversible(_ value: JinjaValue) throws -> [JinjaValue] {
        switch value {
        case .iterator, .loop: throw JinjaFailure.failed("\(value.typeName) has no last item")
        default: return try elements(of: value)
        }
    }

    private func reversed(_ value: JinjaValue) throws -> JinjaValue {
        if case .string(let text) = value { return try string(text.with(text.scalars.reversed())) }
        let elements = Array(try elements(of: value).reversed())
        if case .iterator = value { return try .list(elements) }
        return .iterator(try JinjaIterator(elements, depth: value.depth))
    }

    // MARK: Attributes

    /// The steps of `a.b.0`.
    private func path(_ attribute: JinjaValue?) throws -> [JinjaValue] {
        switch attribute {
        case nil, .some(.none): return []
        case .string(let text)?:
            return text.split(".", limit: -1).map { part in
                let isNumber = !part.isEmpty && part.scalars.allSatisfy { ("0"..."9").contains($0) }
                return isNumber ? Int(part.text).map { .int($0) } ?? .string(part) : .string(part)
            }
        case let key?: return [key]
        }
    }

    private func follow(_ path: [JinjaValue], from value: JinjaValue, default: JinjaValue? = nil) throws -> JinjaValue {
        try path.reduce(value) { value, key in
            let found = try item(of: value, key)
            guard let standIn = `default`, found.isUndefined else { return found }
            return standIn
        }
    }

    private func foldingCase(_ value: JinjaValue) -> JinjaValue {
        if case .string(let text) = value { .string(text.lowercased()) } else { value }
    }

    private func flag(_ value: JinjaValue?) throws -> Bool { try value.map { try truth($0) } ?? false }

    // MARK: Map and select

    /// Applied to each element when it is asked for.
    private func lazily(
        _ value: JinjaValue, _ arguments: JinjaCallArguments, _ transform: @escaping (JinjaValue) throws -> JinjaValue?
    ) throws -> JinjaValue {
        var source: JinjaIterator?
        return .iterator(
            try JinjaIterator(depth: max(value.depth, arguments.depth)) { [self] in
                try nested {
                    if source == nil, !(try truth(value)) { return nil }
                    let elements = try source ?? makeIterator(over: value)
                    source = elements
                    while let element = try elements.next() {
                        try charge()
                        if let result = try transform(element) { return result }
                    }
                    return nil
                }
            })
    }

    private func map(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        if arguments.positional.isEmpty, let attribute = arguments.keywords.first(where: { $0.name == "attribute" }) {
            let standIn = arguments.keywords.first { $0.name == "default" }?.value
            let others = arguments.keywords.filter { $0.name != "attribute" && $0.name != "default" }
            let steps = try path(attribute.value)
            return try lazily(value, arguments) { [self] element in
                if let other = others.first {
                    throw JinjaFailure.failed("map does not take the argument \(other.name) here")
                }
                return try follow(steps, from: element, default: isNone(standIn) ? nil : standIn)
            }
        }
        return try lazily(value, arguments) { [self] element in
            guard case .string(let name)? = arguments.positional.first else {
                throw JinjaFailure.failed("map takes the name of a filter or attribute=")
            }
            return try filter(name.text, element, arguments.dropFirst())
        }
    }

    private func selected(
        _ value: JinjaValue, _ arguments: JinjaCallArguments, byAttribute: Bool, keeps: Bool
    ) throws -> JinjaValue {
        let skipped = byAttribute ? 1 : 0
        return try lazily(value, arguments) { [self] element in
            guard arguments.positional.count >= skipped else { throw JinjaFailure.failed("an attribute is missing") }
            let subject = byAttribute ? try follow(try path(arguments.positional[0]), from: element) : element
            var holds = try truth(subject)
            if arguments.positional.count > skipped {
                guard case .string(let name) = arguments.positional[skipped] else {
                    throw JinjaFailure.failed("a test is named by a text")
                }
                holds = try test(name.text, subject, arguments.dropFirst(skipped + 1))
            }
            return holds == keeps ? element : nil
        }
    }

    private func joinFilter(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["d", "attribute"], to: "join")
        let steps = try path(bound[1])
        let parts = try elements(of: value).map { try print(try follow(steps, from: $0)).plain }
        return try joined(parts, by: try bound[0].map { try print($0).plain } ?? "")
    }

    // MARK: Order

    /// Sorts by keys, equal ones in their order.
    private func sorted(
        _ values: [JinjaValue], descending: Bool, by key: (JinjaValue) throws -> JinjaValue
    ) throws -> [JinjaValue] {
        try charge(values.count * 8)
        let keyed = try values.map { (key: try key($0), value: $0) }
        // Python sorts in reverse by reversing before and after, so that equal ones keep their order.
        let arranged = descending ? keyed.reversed() : keyed
        let result = try mergeSorted(Array(arranged))
        return (descending ? result.reversed() : result).map(\.value)
    }

    private typealias Keyed = (key: JinjaValue, value: JinjaValue)

    private func mergeSorted(_ values: [Keyed]) throws -> [Keyed] {
        guard values.count > 1 else { return values }
        let middle = values.count / 2
        let (left, right) = (try mergeSorted(Array(values[..<middle])), try mergeSorted(Array(values[middle...])))
        var result: [Keyed] = []
        var (leftPlace, rightPlace) = (0, 0)
        while leftPlace < left.count, rightPlace < right.count {
            if try compare("<", right[rightPlace].key, left[leftPlace].key) {
                result.append(right[rightPlace])
                rightPlace += 1
            } else {
                result.append(left[leftPlace])
                leftPlace += 1
            }
        }
        return result + left[leftPlace...] + right[rightPlace...]
    }

    private func sorted(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["reverse", "case_sensitive", "attribute"], to: "sort")
        let isExact = try flag(bound[1])
        var attributes = [bound[2]]
        if case .string(let text)? = bound[2] { attributes = text.split(",", limit: -1).map { .string($0) } }
        let paths = try attributes.map { try path($0) }
        return try .list(
            try sorted(try elements(of: value), descending: try flag(bound[0])) { element in
                try .list(
                    try paths.map {
                        let found = try follow($0, from: element)
                        return isExact ? found : foldingCase(found)
                    })
            })
    }

    private func dictSorted(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["case_sensitive", "by", "reverse"], to: "dictsort")
        let by = try bound[1].map { try print($0).text } ?? "key"
        guard by == "key" || by == "value" else { throw JinjaFailure.failed("dictsort sorts by key or by value") }
        guard case .dict(let dict) = value else {
            throw JinjaFailure.failed("dictsort does not apply to \(value.typeName)")
        }
        let isExact = try flag(bound[0])
        let pairs = try JinjaView(kind: .items, dict: dict).elements()
        return try .list(
            try sorted(pairs, descending: try flag(bound[2])) { pair in
                let part = try item(of: pair, .int(by == "key" ? 0 : 1))
                return isExact ? part : foldingCase(part)
            })
    }

    private func unique(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["case_sensitive", "attribute"], to: "unique")
        let isExact = try flag(bound[0])
        let steps = try path(bound[1])
        var seen: Set<JinjaKey> = []
        var source: JinjaIterator?
        return .iterator(
            try JinjaIterator(depth: value.depth) { [self] in
                let elements = try source ?? makeIterator(over: value)
                source = elements
                while let element = try elements.next() {
                    try charge()
                    let found = try follow(steps, from: element)
                    guard let key = JinjaKey(isExact ? found : foldingCase(found)) else {
                        throw JinjaFailure.failed("\(found.typeName) cannot be told apart by unique")
                    }
                    if seen.insert(key).inserted { return element }
                }
                return nil
            })
    }

    private func extreme(_ value: JinjaValue, _ arguments: JinjaCallArguments, _ name: String) throws -> JinjaValue {
        let bound = try arguments.bound(["case_sensitive", "attribute"], to: name)
        let isExact = try flag(bound[0])
        let steps = try path(bound[1])
        var best: Keyed?
        for element in try elements(of: value) {
            let found = try follow(steps, from: element)
            let key = isExact ? found : foldingCase(found)
            if let best, try !compare(name == "min" ? "<" : ">", key, best.key) { continue }
            best = (key, element)
        }
        return best?.value ?? .undefined("there is no \(name) of nothing")
    }

    private func sum(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["attribute", "start"], to: "sum")
        let steps = try path(bound[0])
        if case .string? = bound[1] { throw JinjaFailure.failed("sum does not add texts") }
        return try elements(of: value).reduce(bound[1] ?? .int(0)) {
            try binary("+", $0, try follow(steps, from: $1))
        }
    }

    // MARK: Parts

    private func batched(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["linecount", "fill_with"], required: 1, to: "batch")
        guard let size = bound[0]?.integer, size > 0, size <= JinjaLimits.weight else {
            throw JinjaFailure.failed("batch takes a size above zero")
        }
        return try deferred(depth: max(value.depth, arguments.depth) + 1) { [self] in
            let elements = try elements(of: value)
            return try stride(from: 0, to: elements.count, by: size).map { start in
                var part = Array(elements[start..<min(start + size, elements.count)])
                if let fill = bound[1], !isNone(fill) {
                    try charge(size - part.count)
                    part += Array(repeating: fill, count: size - part.count)
                }
                return try JinjaValue.list(part)
            }
        }
    }

    /// Values that are computed together when the first is asked for.
    private func deferred(depth: Int, _ make: @escaping () throws -> [JinjaValue]) throws -> JinjaValue {
        var rest: IndexingIterator<[JinjaValue]>?
        return .iterator(
            try JinjaIterator(depth: depth) {
                if rest == nil { rest = try make().makeIterator() }
                return rest?.next()
            })
    }

    private func sliced(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["slices", "fill_with"], required: 1, to: "slice")
        guard let count = bound[0]?.integer, count > 0 else {
            throw JinjaFailure.failed("slice takes a count above zero")
        }
        try charge(count)
        return try deferred(depth: max(value.depth, arguments.depth) + 1) { [self] in
            let elements = try elements(of: value)
            let (size, extra) = elements.count.quotientAndRemainder(dividingBy: count)
            var start = 0
            return try (0..<count).map { number in
                let end = start + size + (number < extra ? 1 : 0)
                defer { start = end }
                var part = Array(elements[start..<end])
                if let fill = bound[1], !isNone(fill), number >= extra { part.append(fill) }
                return try JinjaValue.list(part)
            }
        }
    }
}
