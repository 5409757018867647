// Expressions. Each kind has a function of its own, which takes its parts out itself, so that what recurs through
// `evaluate` needs little of the stack.

extension JinjaInterpreter {
    /// - Parameter piped: What the block of a filter wrote.
    func evaluate(_ node: JinjaExpression, in scope: JinjaScope, piped: JinjaValue? = nil) throws -> JinjaValue {
        line = node.line
        try charge()
        try descend()
        defer { ascend() }
        switch node.kind {
        case .literal(let value): return literal(value)
        case .name(let name): return lookUp(name, in: scope) ?? .undefined("\(name) is undefined")
        case .filter: return try filter(node.kind, in: scope, piped: piped)
        case .call: return try call(node, caller: nil, in: scope)
        case .attribute, .item, .slice: return try part(node.kind, in: scope)
        case .list, .tuple, .dict: return try collection(node.kind, in: scope)
        case .unary, .binary: return try arithmetic(node.kind, in: scope)
        case .not, .and, .or: return try logic(node.kind, in: scope)
        case .compare: return try comparison(node.kind, in: scope)
        case .concat: return try concatenation(node.kind, in: scope)
        case .conditional: return try conditional(node.kind, in: scope)
        case .test: return try test(node.kind, in: scope)
        }
    }

    private func literal(_ value: JinjaLiteral) -> JinjaValue {
        switch value {
        case .none: .none
        case .bool(let value): .bool(value)
        case .integer(let value): .int(value)
        case .float(let value): .float(value)
        case .string(let text): .string(text)
        }
    }

    @inline(never)
    private func part(_ kind: JinjaExpressionKind, in scope: JinjaScope) throws -> JinjaValue {
        switch kind {
        case .attribute(let value, let name): try attribute(name, of: try evaluate(value, in: scope))
        case .item(let value, let key): try item(of: try evaluate(value, in: scope), try evaluate(key, in: scope))
        case .slice(let value, let slice): try self.slice(try evaluate(value, in: scope), slice, in: scope)
        default: .none
        }
    }

    @inline(never)
    private func collection(_ kind: JinjaExpressionKind, in scope: JinjaScope) throws -> JinjaValue {
        switch kind {
        case .list(let items): try .list(try items.map { try evaluate($0, in: scope) })
        case .tuple(let items): try .tuple(try items.map { try evaluate($0, in: scope) })
        case .dict(let pairs):
            .dict(
                try JinjaDict(
                    try pairs.map { (try evaluate($0.key, in: scope), try evaluate($0.value, in: scope)) }))
        default: .none
        }
    }

    @inline(never)
    private func arithmetic(_ kind: JinjaExpressionKind, in scope: JinjaScope) throws -> JinjaValue {
        switch kind {
        case .unary(let op, let value): try unary(op, try evaluate(value, in: scope))
        case .binary(let op, let left, let right):
            try binary(op, try evaluate(left, in: scope), try evaluate(right, in: scope))
        default: .none
        }
    }

    @inline(never)
    private func logic(_ kind: JinjaExpressionKind, in scope: JinjaScope) throws -> JinjaValue {
        switch kind {
        case .not(let value): return .bool(!(try truth(try evaluate(value, in: scope))))
        case .and(let left, let right):
            let value = try evaluate(left, in: scope)
            return try truth(value) ? try evaluate(right, in: scope) : value
        case .or(let left, let right):
            let value = try evaluate(left, in: scope)
            return try truth(value) ? value : try evaluate(right, in: scope)
        default: return .none
        }
    }

    @inline(never)
    private func conditional(_ kind: JinjaExpressionKind, in scope: JinjaScope) throws -> JinjaValue {
        guard case .conditional(let test, let then, let otherwise) = kind else { return .none }
        if try truth(try evaluate(test, in: scope)) { return try evaluate(then, in: scope) }
        guard let otherwise else { return .undefined("an if without else gave no value") }
        return try evaluate(otherwise, in: scope)
    }

    @inline(never)
    private func test(_ kind: JinjaExpressionKind, in scope: JinjaScope) throws -> JinjaValue {
        guard case .test(let value, let name, let arguments) = kind else { return .none }
        let subject = try evaluate(value, in: scope)
        return .bool(try test(name, subject, try self.arguments(arguments, in: scope)))
    }

    @inline(never)
    private func concatenation(_ kind: JinjaExpressionKind, in scope: JinjaScope) throws -> JinjaValue {
        guard case .concat(let parts) = kind else { return .none }
        return try concatenate(try parts.map { try print(try evaluate($0, in: scope)) })
    }

    func concatenate(_ parts: [PythonString]) throws -> JinjaValue {
        let length = parts.reduce(0) { $0 + $1.count }
        guard length <= JinjaLimits.textLength else { throw JinjaFailure.limit("a text is too long") }
        return try string(PythonString(parts.flatMap(\.scalars)))
    }

    /// `a < b <= c` holds when each comparison does; the value is that of the last one looked at.
    @inline(never)
    private func comparison(_ kind: JinjaExpressionKind, in scope: JinjaScope) throws -> JinjaValue {
        guard case .compare(let first, let rest) = kind else { return .none }
        var left = try evaluate(first, in: scope)
        for (op, value) in rest {
            let right = try evaluate(value, in: scope)
            guard try compare(op, left, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    @inline(never)
    private func filter(_ kind: JinjaExpressionKind, in scope: JinjaScope, piped: JinjaValue?) throws -> JinjaValue {
        guard case .filter(let value, let name, let arguments) = kind else { return .none }
        let subject = try value.map { try evaluate($0, in: scope, piped: piped) } ?? piped ?? .text("")
        return try filter(name, subject, try self.arguments(arguments, in: scope))
    }

    // MARK: Slices

    private func slice(_ value: JinjaValue, _ slice: JinjaSlice, in scope: JinjaScope) throws -> JinjaValue {
        func bound(_ bound: JinjaExpression?) throws -> Int? {
            guard let bound else { return nil }
            switch try evaluate(bound, in: scope) {
            case .none: return nil
            case let value:
                guard let integer = value.integer else {
                    throw JinjaFailure.failed("\(value.typeName) is no place in a slice")
                }
                return integer
            }
        }
        let (start, stop, step) = (try bound(slice.start), try bound(slice.stop), try bound(slice.step) ?? 1)
        guard step != 0 else { throw JinjaFailure.failed("the step of a slice is zero") }
        func places(_ count: Int) -> StrideTo<Int> {
            let lowest = step > 0 ? 0 : -1
            let highest = step > 0 ? count : count - 1
            func clamp(_ place: Int) -> Int { min(max(place < 0 ? place + count : place, lowest), highest) }
            return stride(
                from: start.map(clamp) ?? (step > 0 ? lowest : highest),
                to: stop.map(clamp) ?? (step > 0 ? highest : lowest), by: step)
        }
        switch value {
        case .string(let text): return try string(text.with(places(text.count).map { text.scalars[$0] }))
        case .list(let items): return try .list(places(items.elements.count).map { items.elements[$0] })
        case .tuple(let items): return try .tuple(places(items.elements.count).map { items.elements[$0] })
        case .range(let range): return try sliced(range, places(range.count), step)
        case .undefined(let reason): throw JinjaFailure.failed(reason)
        default: throw JinjaFailure.failed("\(value.typeName) cannot be sliced")
        }
    }

    private func sliced(_ range: JinjaRange, _ places: StrideTo<Int>, _ step: Int) throws -> JinjaValue {
        let places = Array(places)
        let first = range.start + (places.first ?? 0) * range.step
        let (width, overflows) = range.step.multipliedReportingOverflow(by: step)
        guard !overflows else { throw JinjaFailure.limit("a number is beyond 64 bits") }
        return .range(try JinjaRange(start: first, stop: first + places.count * width, step: width))
    }
}
