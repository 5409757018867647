import Foundation

// Python's truth, arithmetic and comparisons.

extension JinjaInterpreter {
    func truth(_ value: JinjaValue) throws -> Bool {
        switch value {
        case .undefined, .none: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .float(let value): value != 0
        case .string(let text): !text.isEmpty
        case .list(let items), .tuple(let items): !items.elements.isEmpty
        case .dict(let dict): dict.count > 0
        case .range(let range): range.count > 0
        case .view(let view): view.dict.count > 0
        case .loop(let loop): try loop.length() > 0
        case .iterator, .namespace, .macro, .function, .method: true
        }
    }

    // MARK: Arithmetic

    func unary(_ op: String, _ value: JinjaValue) throws -> JinjaValue {
        if case .float(let number) = value { return .float(op == "-" ? -number : number) }
        guard let number = value.integer else { throw unsuited(op, value) }
        return op == "-" ? try integer(0.subtractingReportingOverflow(number)) : .int(number)
    }

    func binary(_ op: String, _ left: JinjaValue, _ right: JinjaValue) throws -> JinjaValue {
        try charge(1 + (left.weight + right.weight) / 4)
        if let left = left.integer, let right = right.integer { return try integers(op, left, right) }
        if let left = left.number, let right = right.number { return try floats(op, left, right) }
        switch (op, left, right) {
        case (_, .undefined(let reason), _), (_, _, .undefined(let reason)):
            if op == "%", left.isString { break }
            throw JinjaFailure.failed(reason)
        case ("+", .string(let left), .string(let right)): return try joined(left, right)
        case ("+", .list(let left), .list(let right)): return try .list(left.elements + right.elements)
        case ("+", .tuple(let left), .tuple(let right)): return try .tuple(left.elements + right.elements)
        case ("*", let value, let count), ("*", let count, let value):
            if let repeated = try repeated(value, count) ?? repeated(count, value) { return repeated }
        default: break
        }
        if op == "%", left.isString { throw JinjaFailure.unsupported("formatting with %") }
        throw unsuited(op, left, right)
    }

    /// Text added to marked text is escaped.
    private func joined(_ left: PythonString, _ right: PythonString) throws -> JinjaValue {
        guard left.isMarkup || right.isMarkup else { return try string(left + right) }
        return try string(left.escaped() + right.escaped())
    }

    private func repeated(_ value: JinjaValue, _ count: JinjaValue) throws -> JinjaValue? {
        guard let count = count.integer.map({ max(0, $0) }) else { return nil }
        if count > 0, sizeIfKnown(of: value) == 0 { return try repeated(value, .int(0)) }
        let (weight, overflows) = value.weight.multipliedReportingOverflow(by: count)
        guard !overflows, weight <= JinjaLimits.weight else { throw JinjaFailure.limit("a value is too large") }
        switch value {
        case .string(let text):
            guard text.count * count <= JinjaLimits.textLength else { throw JinjaFailure.limit("a text is too long") }
            return try string(text.with(repeatElement(text.scalars, count: count).joined()))
        case .list(let items): return try .list(Array(repeatElement(items.elements, count: count).joined()))
        case .tuple(let items): return try .tuple(Array(repeatElement(items.elements, count: count).joined()))
        default: return nil
        }
    }

    private func integers(_ op: String, _ left: Int, _ right: Int) throws -> JinjaValue {
        switch op {
        case "+": return try integer(left.addingReportingOverflow(right))
        case "-": return try integer(left.subtractingReportingOverflow(right))
        case "*": return try integer(left.multipliedReportingOverflow(by: right))
        case "**": return try power(left, right)
        default: break
        }
        guard right != 0 else { throw JinjaFailure.failed("division by zero") }
        if op == "/" { return .float(Double(left) / Double(right)) }
        guard right != -1 else { return op == "%" ? .int(0) : try integer(0.subtractingReportingOverflow(left)) }
        let (quotient, remainder) = left.quotientAndRemainder(dividingBy: right)
        let isBelow = remainder != 0 && (remainder < 0) != (right < 0)
        return .int(op == "%" ? remainder + (isBelow ? right : 0) : quotient - (isBelow ? 1 : 0))
    }

    private func power(_ base: Int, _ exponent: Int) throws -> JinjaValue {
        guard exponent >= 0 else {
            guard base != 0 else { throw JinjaFailure.failed("zero has no negative power") }
            return .float(pow(Double(base), Double(exponent)))
        }
        guard base.magnitude > 1 else {
            return .int(base == 0 ? (exponent == 0 ? 1 : 0) : (exponent % 2 == 0 ? 1 : base))
        }
        guard exponent < 64 else { throw JinjaFailure.unsupported("a whole number beyond 64 bits") }
        return try (0..<exponent).reduce(.int(1)) { power, _ in
            try integer(power.integer!.multipliedReportingOverflow(by: base))
        }
    }

    private func floats(_ op: String, _ left: Double, _ right: Double) throws -> JinjaValue {
        switch op {
        case "+": return .float(left + right)
        case "-": return .float(left - right)
        case "*": return .float(left * right)
        case "**":
            if left == 0, right < 0 { throw JinjaFailure.failed("zero has no negative power") }
            if left < 0, right.isFinite, right != right.rounded() { throw JinjaFailure.unsupported("complex numbers") }
            let power = pow(left, right)
            guard power.isFinite || !left.isFinite || !right.isFinite else {
                throw JinjaFailure.failed("a power is too large")
            }
            return .float(power)
        default: break
        }
        guard right != 0 else { throw JinjaFailure.failed("division by zero") }
        if op == "/" { return .float(left / right) }
        var remainder = fmod(left, right)
        var quotient = (left - remainder) / right
        if remainder != 0, (remainder < 0) != (right < 0) {
            remainder += right
            quotient -= 1
        } else if remainder == 0 {
            remainder = right < 0 ? -0.0 : 0.0
        }
        guard op == "//" else { return .float(remainder) }
        guard quotient != 0 else { return .float(left / right < 0 ? -0.0 : 0.0) }
        let floor = quotient.rounded(.down)
        return .float(quotient - floor > 0.5 ? floor + 1 : floor)
    }

    private func integer(_ result: (partialValue: Int, overflow: Bool)) throws -> JinjaValue {
        guard !result.overflow else { throw JinjaFailure.unsupported("a whole number beyond 64 bits") }
        return .int(result.partialValue)
    }

    private func unsuited(_ op: String, _ values: JinjaValue...) -> JinjaFailure {
        for case .undefined(let reason) in values { return .failed(reason) }
        return .failed("\(op) does not apply to \(values.map(\.typeName).joined(separator: " and "))")
    }

    // MARK: Comparisons

    func compare(_ op: String, _ left: JinjaValue, _ right: JinjaValue) throws -> Bool {
        try charge(1 + min(left.weight, right.weight))
        return switch op {
        case "==": try areEqual(left, right)
        case "!=": try !areEqual(left, right)
        case "in": try contains(right, left)
        case "not in": try !contains(right, left)
        case "<": try isLess(left, right, op)
        case ">": try isLess(right, left, op)
        case "<=": try isLessOrEqual(left, right, op)
        default: try isLessOrEqual(right, left, op)
        }
    }

    func areEqual(_ left: JinjaValue, _ right: JinjaValue) throws -> Bool {
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let left), .string(let right)): return left == right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            guard left !== right else { return true }
            return try left.elements.count == right.elements.count
                && zip(left.elements, right.elements).allSatisfy { try areEqual($0, $1) }
        case (.dict(let left), .dict(let right)):
            guard left !== right else { return true }
            return try left.count == right.count
                && left.pairs.allSatisfy { key, value in
                    try JinjaKey(key).flatMap { right[$0] }.map { try areEqual(value, $0) } ?? false
                }
        case (.range(let left), .range(let right)):
            return left.elements.count == right.count && (0..<left.count).allSatisfy { left[$0] == right[$0] }
        case (.namespace(let left), .namespace(let right)): return left === right
        case (.macro(let left), .macro(let right)): return left === right
        case (.loop(let left), .loop(let right)): return left === right
        case (.iterator(let left), .iterator(let right)): return left === right
        case (.view, .view), (.method, .method), (.function, .function):
            throw JinjaFailure.unsupported("comparing \(left.typeName)")
        default:
            return order(left, right) == 0
        }
    }

    /// Order of two numbers, exact for whole ones: negative, zero or positive, or 2 where one is not a number at all (NaN);
    /// `nil` when one of the values is no number.
    private func order(_ left: JinjaValue, _ right: JinjaValue) -> Int? {
        guard let leftNumber = left.number, let rightNumber = right.number else { return nil }
        if let left = left.integer ?? Int(exactly: leftNumber), let right = right.integer ?? Int(exactly: rightNumber) {
            return left == right ? 0 : left < right ? -1 : 1
        }
        if leftNumber.isNaN || rightNumber.isNaN { return 2 }
        return leftNumber == rightNumber ? 0 : leftNumber < rightNumber ? -1 : 1
    }

    private func isLess(_ left: JinjaValue, _ right: JinjaValue, _ op: String) throws -> Bool {
        if let order = order(left, right) { return order < 0 }
        switch (left, right) {
        case (.string(let left), .string(let right)): return left < right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            for (left, right) in zip(left.elements, right.elements) where try !areEqual(left, right) {
                return try isLess(left, right, op)
            }
            return left.elements.count < right.elements.count
        default: throw unsuited(op, left, right)
        }
    }

    private func isLessOrEqual(_ left: JinjaValue, _ right: JinjaValue, _ op: String) throws -> Bool {
        if let order = order(left, right) { return order <= 0 }
        switch (left, right) {
        case (.string(let left), .string(let right)): return !(right < left)
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            for (left, right) in zip(left.elements, right.elements) where try !areEqual(left, right) {
                return try isLessOrEqual(left, right, op)
            }
            return left.elements.count <= right.elements.count
        default: throw unsuited(op, left, right)
        }
    }

    /// `part in whole`.
    private func contains(_ whole: JinjaValue, _ part: JinjaValue) throws -> Bool {
        try charge(whole.weight)
        switch whole {
        case .string(let text):
            guard case .string(let part) = part else { throw unsuited("in", part, whole) }
            return text.contains(part)
        case .dict(let dict):
            guard let key = JinjaKey(part) else { throw JinjaFailure.failed("\(part.typeName) cannot be a key") }
            return dict[key] != nil
        case .undefined: return false
        default: break
        }
        let iterator = try makeIterator(over: whole)
        while let element = try iterator.next() {
            try charge()
            if try areEqual(element, part) { return true }
        }
        return false
    }
}
