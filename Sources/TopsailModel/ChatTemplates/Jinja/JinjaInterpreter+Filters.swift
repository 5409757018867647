import Foundation

// Filters of single values; `JinjaInterpreter+SequenceFilters.swift` has those of sequences.

extension JinjaInterpreter {
    func filter(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        guard JinjaNames.filters.contains(name) else { throw JinjaFailure.failed("there is no filter \(name)") }
        guard !JinjaNames.unsupportedFilters.contains(name) else {
            throw JinjaFailure.unsupported("the filter \(name)")
        }
        try charge(2 + value.weight / 4)
        switch name {
        case "default", "d": return try defaulted(value, arguments)
        case "tojson": return try toJSON(value, arguments)
        case "int": return try toInteger(value, arguments)
        case "float": return try toFloat(value, arguments)
        case "round": return try rounded(value, arguments)
        case "abs": return try absolute(value, arguments)
        case "length", "count":
            _ = try arguments.bound([], to: name)
            return .int(try length(of: value))
        case "attr":
            guard case .string(let attribute)? = try arguments.bound(["name"], required: 1, to: name)[0] else {
                throw JinjaFailure.failed("attr takes a text")
            }
            if value.isUndefined { return try self.attribute(attribute.text, of: value) }
            guard case .dict = value else { return try self.attribute(attribute.text, of: value) }
            throw JinjaFailure.unsupported("attr of a mapping")
        case "trim", "upper", "lower", "title", "capitalize", "string", "safe", "escape", "e", "forceescape", "replace",
            "indent", "center", "truncate":
            return try textFilter(name, value, arguments)
        default: return try sequenceFilter(name, value, arguments)
        }
    }

    private func defaulted(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["default_value", "boolean"], to: "default")
        let isMissing = try value.isUndefined || (try bound[1].map { try truth($0) } ?? false) && !(try truth(value))
        return isMissing ? bound[0] ?? .text("") : value
    }

    // MARK: Numbers

    private func toInteger(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["default", "base"], to: "int")
        let otherwise = bound[0] ?? .int(0)
        switch value {
        case .undefined(let reason): throw JinjaFailure.failed(reason)
        case .string(let text):
            guard let base = bound[1].map(\.integer) ?? 10 else { throw JinjaFailure.failed("the base is no number") }
            if let integer = PythonNumber.integer(text, base: base) { return .int(integer) }
            guard let number = PythonNumber.float(text), number.isFinite else { return otherwise }
            return try truncated(number)
        case .float(let number):
            if number.isNaN { return otherwise }
            guard number.isFinite else { throw JinjaFailure.failed("infinity is no whole number") }
            return try truncated(number)
        default: return value.integer.map { .int($0) } ?? otherwise
        }
    }

    private func truncated(_ number: Double) throws -> JinjaValue {
        guard let integer = Int(exactly: number.rounded(.towardZero)) else {
            throw JinjaFailure.unsupported("a whole number beyond 64 bits")
        }
        return .int(integer)
    }

    private func toFloat(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let otherwise = try arguments.bound(["default"], to: "float")[0] ?? .float(0)
        switch value {
        case .undefined(let reason): throw JinjaFailure.failed(reason)
        case .string(let text): return PythonNumber.float(text).map { .float($0) } ?? otherwise
        default: return value.number.map { .float($0) } ?? otherwise
        }
    }

    private func absolute(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        _ = try arguments.bound([], to: "abs")
        if case .float(let number) = value { return .float(number.magnitude) }
        if case .undefined(let reason) = value { throw JinjaFailure.failed(reason) }
        guard let integer = value.integer else { throw JinjaFailure.failed("abs does not apply to \(value.typeName)") }
        return integer < 0 ? try unary("-", .int(integer)) : .int(integer)
    }

    private func rounded(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["precision", "method"], to: "round")
        guard let places = bound[0].map(\.integer) ?? 0 else { throw JinjaFailure.failed("the precision is no number") }
        guard places.magnitude <= 300 else { throw JinjaFailure.unsupported("a precision of \(places)") }
        let method = try bound[1].map { try print($0).text } ?? "common"
        guard ["common", "ceil", "floor"].contains(method) else {
            throw JinjaFailure.failed("round knows the methods common, ceil and floor")
        }
        if case .undefined(let reason) = value { throw JinjaFailure.failed(reason) }
        guard let number = value.number else { throw JinjaFailure.failed("round does not apply to \(value.typeName)") }
        guard method == "common" else { return .float(try scaled(number, places, method == "ceil" ? .up : .down)) }
        if let integer = value.integer { return places >= 0 ? .int(integer) : try roundedToTens(integer, -places) }
        return .float(roundedToPlaces(number, places))
    }

    private func scaled(_ number: Double, _ places: Int, _ rule: FloatingPointRoundingRule) throws -> Double {
        let factor = pow(10, Double(places))
        let scaled = (number * factor).rounded(rule)
        guard scaled.isFinite else { throw JinjaFailure.failed("a number is too large to round") }
        // The whole number that is divided has no negative zero.
        return scaled == 0 ? 0 : scaled / factor
    }

    /// Half goes to the even neighbour; what counts is the number's exact decimal value.
    private func roundedToPlaces(_ number: Double, _ places: Int) -> Double {
        guard number.isFinite else { return number }
        guard places >= 0 else {
            let factor = pow(10, Double(-places))
            return (number / factor).rounded(.toNearestOrEven) * factor
        }
        return Double(String(format: "%.\(places)f", number)) ?? number
    }

    private func roundedToTens(_ value: Int, _ zeros: Int) throws -> JinjaValue {
        guard zeros < 19 else { return .int(0) }
        let unit = (0..<zeros).reduce(1) { unit, _ in unit * 10 }
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: unit)
        let (whole, part) = rest < 0 ? (quotient - 1, rest + unit) : (quotient, rest)
        let goesUp = part * 2 > unit || (part * 2 == unit && whole % 2 != 0)
        return try binary("*", .int(whole + (goesUp ? 1 : 0)), .int(unit))
    }

    // MARK: Texts

    private func textFilter(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch name {
        case "trim":
            let set = try arguments.bound(["chars"], to: name)[0]
            return try call(
                JinjaMethod("strip", of: .string(try print(value))), .init(positional: set.map { [$0] } ?? []))
        case "replace": return try replaceFilter(value, arguments)
        case "indent": return try indented(value, arguments)
        case "center":
            guard let width = try arguments.bound(["width"], to: name)[0].map(\.integer) ?? 80 else {
                throw JinjaFailure.failed("a width is a number")
            }
            guard width <= JinjaLimits.textLength else { throw JinjaFailure.limit("a text is too long") }
            return try string(try print(value).centered(in: width, with: " "))
        case "truncate": return try shortened(value, arguments)
        default: break
        }
        _ = try arguments.bound([], to: name)
        let text = try print(value)
        switch name {
        case "upper": return try string(text.uppercased())
        case "lower": return try string(text.lowercased())
        case "capitalize": return try string(text.capitalized())
        case "title": return try string(text.wordsCapitalized())
        case "string": return .string(text)
        case "safe": return .string(PythonString(text.scalars, isMarkup: true))
        case "forceescape": return try string(text.plain.escaped())
        default: return try string(text.escaped())
        }
    }

    private func replaceFilter(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["old", "new", "count"], required: 2, to: "replace")
        var limit = -1
        if let count = bound[2], !isNone(count) {
            guard let number = count.integer else { throw JinjaFailure.failed("a count is a number") }
            limit = number
        }
        return try replacing(
            try print(bound[0]!).plain, with: try print(bound[1]!).plain, in: try print(value).plain, limit: limit)
    }

    func isNone(_ value: JinjaValue?) -> Bool {
        if case .some(.none) = value { true } else { value == nil }
    }

    private func indented(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["width", "first", "blank"], to: "indent")
        guard case .string(let text) = value else {
            if case .undefined(let reason) = value { throw JinjaFailure.failed(reason) }
            throw JinjaFailure.failed("indent does not apply to \(value.typeName)")
        }
        var indentation: PythonString
        switch bound[0] ?? .int(4) {
        case .string(let given): indentation = text.isMarkup ? given.escaped() : given
        case let width:
            guard let count = width.integer, count < JinjaLimits.textLength else {
                throw JinjaFailure.failed("a width is a number or a text")
            }
            indentation = PythonString(String(repeating: " ", count: max(0, count)))
        }
        let isBlankToo = try bound[2].map { try truth($0) } ?? false
        let isFirstToo = try bound[1].map { try truth($0) } ?? false
        let lines = (text + "\n").lines()
        guard (lines.count + 1) * indentation.count + text.count <= JinjaLimits.textLength else {
            throw JinjaFailure.limit("a text is too long")
        }
        let rest = lines.dropFirst().map { $0.isEmpty && !isBlankToo ? $0 : indentation + $0 }
        let joined = text.with(([lines[0]] + rest).map(\.scalars).joined(separator: ["\n"]))
        return try string(isFirstToo ? text.with(indentation.scalars + joined.scalars) : joined)
    }

    private func shortened(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["length", "killwords", "end", "leeway"], to: "truncate")
        let end = try bound[2].map { try print($0) } ?? "..."
        guard let length = bound[0].map(\.integer) ?? 255,
            let leeway = isNone(bound[3]) ? 5 : bound[3]!.integer, length >= end.count, leeway >= 0
        else { throw JinjaFailure.failed("truncate does not take this length") }
        guard try self.length(of: value) > length + leeway else { return value }
        guard case .string(let text) = value else {
            throw JinjaFailure.failed("truncate does not apply to \(value.typeName)")
        }
        let kept = text.with(text.scalars[..<(length - end.count)])
        if try bound[1].map({ try truth($0) }) ?? false { return try string(kept + end) }
        return try string(kept.splitFromEnd(" ", limit: 1)[0] + end)
    }
}

extension PythonString {
    /// What the filter `title` does: words begin after white space, hyphens and opening brackets.
    fileprivate func wordsCapitalized() -> PythonString {
        func separates(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isPythonSpace || "-({[<".unicodeScalars.contains(scalar)
        }
        var result: [Unicode.Scalar] = []
        var rest = scalars[...]
        while let first = rest.first {
            let isSeparator = separates(first)
            let part = rest.prefix { separates($0) == isSeparator }
            rest = rest[part.endIndex...]
            result +=
                PythonString(part.prefix(1)).uppercased().scalars + PythonString(part.dropFirst()).lowercased().scalars
        }
        return PythonString(result)
    }
}
