// Iteration, items and attributes.

extension JinjaInterpreter {
    func makeIterator(over value: JinjaValue) throws -> JinjaIterator {
        switch value {
        case .iterator(let iterator): return iterator
        case .loop(let loop):
            return try JinjaIterator(depth: loop.depth) { try loop.next().map { try .tuple([$0, .loop(loop)]) } }
        default:
            guard let elements = try sizedElements(of: value) else {
                throw JinjaFailure.failed("\(value.typeName) cannot be iterated over")
            }
            return try JinjaIterator(elements, depth: value.depth)
        }
    }

    /// All elements; an iterator is used up.
    func elements(of value: JinjaValue) throws -> [JinjaValue] {
        if let elements = try sizedElements(of: value) { return elements }
        let iterator = try makeIterator(over: value)
        var elements: [JinjaValue] = []
        while let element = try iterator.next() {
            try charge()
            elements.append(element)
        }
        return elements
    }

    /// The elements of what has a length; `nil` for anything else.
    private func sizedElements(of value: JinjaValue) throws -> [JinjaValue]? {
        switch value {
        case .undefined: return []
        case .string(let text):
            try charge(text.count / 2)
            return text.scalars.map { .string(PythonString([$0])) }
        case .list(let items), .tuple(let items): return items.elements
        case .dict(let dict): return dict.keys
        case .range(let range):
            try charge(range.count / 2)
            return range.elements
        case .view(let view):
            try charge(view.dict.count)
            return try view.elements()
        default: return nil
        }
    }

    /// The length of what has one.
    func sizeIfKnown(of value: JinjaValue) -> Int? {
        switch value {
        case .undefined: 0
        case .string(let text): text.count
        case .list(let items), .tuple(let items): items.elements.count
        case .dict(let dict): dict.count
        case .range(let range): range.count
        case .view(let view): view.dict.count
        default: nil
        }
    }

    func length(of value: JinjaValue) throws -> Int {
        if case .loop(let loop) = value { return try loop.length() }
        guard let length = sizeIfKnown(of: value) else { throw JinjaFailure.failed("\(value.typeName) has no length") }
        return length
    }

    // MARK: Items

    /// `value[key]`; what is not there is undefined.
    func item(of value: JinjaValue, _ key: JinjaValue) throws -> JinjaValue {
        if case .undefined(let reason) = value { throw JinjaFailure.failed(reason) }
        if let found = try element(of: value, key) { return found }
        if case .string(let name) = key, let found = try member(name.text, of: value) { return found }
        return .undefined("\(value.typeName) has no \(try key.isString ? print(key).text : represent(key))")
    }

    /// `value.name`: a member first, then an item of that name.
    func attribute(_ name: String, of value: JinjaValue) throws -> JinjaValue {
        if case .undefined(let reason) = value { throw JinjaFailure.failed(reason) }
        if let found = try member(name, of: value) { return found }
        return try element(of: value, .text(name)) ?? .undefined("\(value.typeName) has no \(name)")
    }

    private func element(of value: JinjaValue, _ key: JinjaValue) throws -> JinjaValue? {
        func place(_ count: Int) -> Int? {
            guard let index = key.integer else { return nil }
            let place = index < 0 ? index + count : index
            return (0..<count).contains(place) ? place : nil
        }
        switch value {
        case .dict(let dict): return JinjaKey(key).flatMap { dict[$0] }
        case .list(let items), .tuple(let items): return place(items.elements.count).map { items.elements[$0] }
        case .string(let text): return place(text.count).map { .string(text.with([text.scalars[$0]])) }
        case .range(let range): return place(range.count).map { .int(range[$0]) }
        default: return nil
        }
    }

    // MARK: Members

    /// What Python's `getattr` finds; `nil` when there is nothing.
    private func member(_ name: String, of value: JinjaValue) throws -> JinjaValue? {
        switch value {
        case .namespace(let namespace): return namespace.values[name]
        case .loop(let loop):
            if let attribute = try loop.attribute(name) { return attribute }
            return JinjaLoopState.methods.contains(name) ? .method(JinjaMethod(name, of: value)) : nil
        case .macro(let closure): if name == "name" { return .text(closure.macro.name) }
        default: break
        }
        if JinjaMembers.isRefused(name, of: value) { return .undefined("the sandbox does not allow \(name)") }
        if JinjaMembers.methods(of: value).contains(name) { return .method(JinjaMethod(name, of: value)) }
        if JinjaMembers.others(of: value).contains(name) {
            throw JinjaFailure.unsupported("\(name) of \(value.typeName)")
        }
        return nil
    }
}
