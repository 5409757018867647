// Methods of texts, mappings and sequences.

extension JinjaInterpreter {
    func call(_ method: JinjaMethod, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        try charge(method.owner.weight)
        switch method.owner {
        case .string(let text): return try call(method.name, of: text, arguments)
        case .dict(let dict): return try call(method.name, of: dict, arguments)
        case .loop(let loop): return try call(method.name, of: loop, arguments)
        default: return try callSequence(method, arguments)
        }
    }

    private func call(_ name: String, of dict: JinjaDict, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        if name == "get" {
            let values = try positional(arguments, required: 1, atMost: 2, name)
            guard let key = JinjaKey(values[0]) else {
                throw JinjaFailure.failed("\(values[0].typeName) cannot be a key")
            }
            return dict[key] ?? (values.count > 1 ? values[1] : .none)
        }
        _ = try positional(arguments, required: 0, atMost: 0, name)
        return switch name {
        case "items": .view(JinjaView(kind: .items, dict: dict))
        case "keys": .view(JinjaView(kind: .keys, dict: dict))
        case "values": .view(JinjaView(kind: .values, dict: dict))
        default: .dict(dict)
        }
    }

    private func call(_ name: String, of loop: JinjaLoopState, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let values = arguments.positional
        guard arguments.keywords.isEmpty else { throw JinjaFailure.failed("\(name) takes no named arguments") }
        if name == "cycle" {
            guard !values.isEmpty else { throw JinjaFailure.failed("cycle needs values") }
            return values[loop.index0 % values.count]
        }
        if let last = loop.lastChanged, try areEqual(try .tuple(last), try .tuple(values)) { return .bool(false) }
        loop.lastChanged = values
        return .bool(true)
    }

    /// `index`, `count` and `copy` of lists, tuples and ranges.
    private func callSequence(_ method: JinjaMethod, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        if method.name == "copy" {
            _ = try positional(arguments, required: 0, atMost: 0, method.name)
            return method.owner
        }
        let wanted = try positional(arguments, required: 1, atMost: 1, method.name)[0]
        let elements = try elements(of: method.owner)
        let places = try elements.indices.filter { try areEqual(elements[$0], wanted) }
        if method.name == "count" { return .int(places.count) }
        guard let first = places.first else {
            throw JinjaFailure.failed("the value is not in the \(method.owner.typeName)")
        }
        return .int(first)
    }

    private func positional(
        _ arguments: JinjaCallArguments, required: Int, atMost: Int, _ name: String
    ) throws -> [JinjaValue] {
        guard arguments.keywords.isEmpty, (required...atMost).contains(arguments.positional.count) else {
            throw JinjaFailure.failed("\(name) is called with arguments that it does not take")
        }
        return arguments.positional
    }
}

// MARK: Texts

extension JinjaInterpreter {
    private func call(_ name: String, of text: PythonString, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch name {
        case "strip", "lstrip", "rstrip":
            let set = try positional(arguments, required: 0, atMost: 1, name).first
            return .string(try stripped(text, set, leading: name != "rstrip", trailing: name != "lstrip"))
        case "split", "rsplit": return try split(text, arguments, fromEnd: name == "rsplit")
        case "splitlines":
            let keeps = try arguments.bound(["keepends"], to: name)[0]
            return try .list(text.lines(keepingEnds: try keeps.map { try truth($0) } ?? false).map { .string($0) })
        case "startswith", "endswith": return try hasAffix(text, arguments, name)
        case "find", "rfind", "index", "rindex", "count": return try search(text, arguments, name)
        case "replace": return try replace(text, arguments)
        case "join": return try join(text, arguments)
        case "removeprefix", "removesuffix", "partition", "rpartition": return try cut(text, arguments, name)
        case "ljust", "rjust", "center", "zfill": return try padded(text, arguments, name)
        default:
            _ = try positional(arguments, required: 0, atMost: 0, name)
            return try transformed(text, name)
        }
    }

    private func transformed(_ text: PythonString, _ name: String) throws -> JinjaValue {
        func all(_ test: (Unicode.Scalar) -> Bool) -> JinjaValue {
            .bool(!text.isEmpty && text.scalars.allSatisfy(test))
        }
        switch name {
        case "upper": return try string(text.uppercased())
        case "lower": return try string(text.lowercased())
        case "title": return try string(text.titled())
        case "capitalize": return try string(text.capitalized())
        case "isspace": return all(\.isPythonSpace)
        case "isdigit": return all(\.isPythonDigit)
        case "isalpha": return all(\.isPythonLetter)
        case "isalnum": return all { $0.isPythonLetter || $0.properties.numericType != nil }
        case "islower", "isupper":
            return .bool(PythonString.isCase(text, lower: name == "islower"))
        default: throw JinjaFailure.unsupported("the method \(name)")
        }
    }

    private func stripped(
        _ text: PythonString, _ set: JinjaValue?, leading: Bool, trailing: Bool
    ) throws -> PythonString {
        switch set {
        case nil, .some(.none): text.stripped(leading: leading, trailing: trailing)
        case .string(let set)?: text.stripped(set, leading: leading, trailing: trailing)
        case let other?: throw JinjaFailure.failed("strip takes a text, not \(other.typeName)")
        }
    }

    private func text(_ value: JinjaValue?, for name: String) throws -> PythonString {
        if case .string(let text) = value { return text }
        if case .undefined(let reason) = value { throw JinjaFailure.failed(reason) }
        throw JinjaFailure.failed("\(name) takes a text, not \(value?.typeName ?? "nothing")")
    }

    private func split(_ text: PythonString, _ arguments: JinjaCallArguments, fromEnd: Bool) throws -> JinjaValue {
        let name = fromEnd ? "rsplit" : "split"
        let bound = try arguments.bound(["sep", "maxsplit"], to: name)
        guard let limit = bound[1] == nil ? -1 : bound[1]!.integer else {
            throw JinjaFailure.failed("maxsplit is a number")
        }
        var pieces: [PythonString]
        switch bound[0] {
        case nil, .some(.none): pieces = fromEnd ? text.splitWordsFromEnd(limit: limit) : text.splitWords(limit: limit)
        case let separator:
            let separator = try self.text(separator, for: name)
            guard !separator.isEmpty else { throw JinjaFailure.failed("\(name) needs a separator that is not empty") }
            pieces = fromEnd ? text.splitFromEnd(separator, limit: limit) : text.split(separator, limit: limit)
        }
        try charge(pieces.count)
        return try .list(pieces.map { .string($0) })
    }

    /// The part that optional bounds select, as a slice would.
    private func bounds(_ values: ArraySlice<JinjaValue>, count: Int) throws -> (start: Int, end: Int) {
        func place(_ value: JinjaValue?, _ otherwise: Int) throws -> Int {
            switch value {
            case nil, .some(.none): return otherwise
            case let value?:
                guard let place = value.integer else {
                    throw JinjaFailure.failed("\(value.typeName) is no place in a text")
                }
                return max(0, place < 0 ? place + count : place)
            }
        }
        return (try place(values.first, 0), min(count, try place(values.dropFirst().first, count)))
    }

    private func hasAffix(_ text: PythonString, _ arguments: JinjaCallArguments, _ name: String) throws -> JinjaValue {
        let values = try positional(arguments, required: 1, atMost: 3, name)
        let (start, end) = try bounds(values.dropFirst(), count: text.count)
        var wanted = [values[0]]
        if case .tuple(let items) = values[0] { wanted = items.elements }
        for value in wanted {
            let affix = try self.text(value, for: name)
            guard start <= end else { continue }
            let part = PythonString(text.scalars[start..<end])
            if name == "startswith" ? part.hasPrefix(affix) : part.hasSuffix(affix) { return .bool(true) }
        }
        return .bool(false)
    }

    private func search(_ text: PythonString, _ arguments: JinjaCallArguments, _ name: String) throws -> JinjaValue {
        let values = try positional(arguments, required: 1, atMost: 3, name)
        let part = try self.text(values[0], for: name)
        let (start, end) = try bounds(values.dropFirst(), count: text.count)
        if name == "count" {
            guard start <= end else { return .int(0) }
            return .int(PythonString(text.scalars[start..<end]).occurrences(of: part))
        }
        let isLast = name.hasPrefix("r")
        let place = isLast ? text.findLast(part, from: start, to: end) : text.find(part, from: start, to: end)
        guard place != nil || name.hasSuffix("find") else { throw JinjaFailure.failed("the text is not found") }
        return .int(place ?? -1)
    }

    private func replace(_ text: PythonString, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let values = try positional(arguments, required: 2, atMost: 3, "replace")
        guard let limit = values.count > 2 ? values[2].integer : -1 else {
            throw JinjaFailure.failed("a count is a number")
        }
        let new = try self.text(values[1], for: "replace")
        return try replacing(
            try self.text(values[0], for: "replace"), with: text.isMarkup ? new.escaped() : new, in: text, limit: limit)
    }

    func replacing(
        _ old: PythonString, with new: PythonString, in text: PythonString, limit: Int
    ) throws -> JinjaValue {
        let (growth, overflows) = text.occurrences(of: old).multipliedReportingOverflow(by: new.count)
        guard !overflows, growth + text.count <= JinjaLimits.textLength else {
            throw JinjaFailure.limit("a text is too long")
        }
        return try string(text.replacing(old, with: new, limit: limit))
    }

    private func join(_ text: PythonString, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let parts = try elements(of: try positional(arguments, required: 1, atMost: 1, "join")[0])
        let texts = try parts.map { try self.text($0, for: "join") }
        return try joined(texts.map { text.isMarkup ? $0.escaped() : $0 }, by: text)
    }

    func joined(_ parts: [PythonString], by separator: PythonString) throws -> JinjaValue {
        let length = parts.reduce(0) { $0 + $1.count + separator.count }
        guard length <= JinjaLimits.textLength + separator.count else { throw JinjaFailure.limit("a text is too long") }
        return try string(separator.with(parts.map(\.scalars).joined(separator: separator.scalars)))
    }

    private func cut(_ text: PythonString, _ arguments: JinjaCallArguments, _ name: String) throws -> JinjaValue {
        let part = try self.text(try positional(arguments, required: 1, atMost: 1, name)[0], for: name)
        switch name {
        case "removeprefix": return .string(text.hasPrefix(part) ? text.with(text.scalars.dropFirst(part.count)) : text)
        case "removesuffix":
            return .string(text.hasSuffix(part) ? text.with(text.scalars.dropLast(part.count)) : text)
        default: break
        }
        guard !part.isEmpty else { throw JinjaFailure.failed("\(name) needs a separator that is not empty") }
        let isLast = name == "rpartition"
        guard let place = isLast ? text.findLast(part) : text.find(part) else {
            return try .tuple((isLast ? ["", "", text] : [text, "", ""]).map { .string($0) })
        }
        let rest = text.scalars[(place + part.count)...]
        return try .tuple([.string(text.with(text.scalars[..<place])), .string(part), .string(text.with(rest))])
    }

    private func padded(_ text: PythonString, _ arguments: JinjaCallArguments, _ name: String) throws -> JinjaValue {
        let values = try positional(arguments, required: 1, atMost: name == "zfill" ? 1 : 2, name)
        guard let width = values[0].integer else { throw JinjaFailure.failed("\(name) takes a number") }
        let fill = values.count > 1 ? try self.text(values[1], for: name) : name == "zfill" ? "0" : " "
        guard fill.count == 1 else { throw JinjaFailure.failed("\(name) fills with one character") }
        guard width <= JinjaLimits.textLength else { throw JinjaFailure.limit("a text is too long") }
        return try string(text.padded(to: width, with: fill.scalars[0], name))
    }
}

extension PythonString {
    fileprivate func padded(to width: Int, with fill: Unicode.Scalar, _ name: String) -> PythonString {
        let missing = max(0, width - count)
        func run(_ count: Int) -> [Unicode.Scalar] { Array(repeating: fill, count: count) }
        switch name {
        case "ljust": return with(scalars + run(missing))
        case "rjust": return with(run(missing) + scalars)
        case "zfill":
            let sign = scalars.first == "-" || scalars.first == "+" ? 1 : 0
            return with(scalars[..<sign] + run(missing) + scalars[sign...])
        default: return centered(in: width, with: fill)
        }
    }

    /// An odd rest goes to the left where the width is odd, as Python does it.
    func centered(in width: Int, with fill: Unicode.Scalar) -> PythonString {
        let missing = max(0, width - count)
        let left = missing / 2 + (missing & width & 1)
        return with(Array(repeating: fill, count: left) + scalars + Array(repeating: fill, count: missing - left))
    }

    /// `islower` and `isupper`: something is cased, and all that is has that case.
    static func isCase(_ text: PythonString, lower: Bool) -> Bool {
        let cased = text.scalars.filter(\.isCased)
        return !cased.isEmpty && cased.allSatisfy { lower ? $0.properties.isLowercase : $0.properties.isUppercase }
    }
}

extension Unicode.Scalar {
    fileprivate var isPythonDigit: Bool { properties.numericType == .decimal || properties.numericType == .digit }

    fileprivate var isPythonLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }
}
