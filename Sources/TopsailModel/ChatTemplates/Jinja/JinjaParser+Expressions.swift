// Operators, loosest first, each on top of the next.

extension JinjaParser {
    mutating func expression() throws -> JinjaExpression { try nested { parser in try parser.conditional() } }

    private mutating func conditional() throws -> JinjaExpression {
        let line = line
        var value = try or()
        while take(name: "if") {
            let test = try or()
            let otherwise = take(name: "else") ? try nested { parser in try parser.conditional() } : nil
            value = try JinjaExpression(.conditional(test: test, then: value, otherwise: otherwise), line: line)
        }
        return value
    }

    mutating func or() throws -> JinjaExpression {
        let line = line
        var left = try and()
        while take(name: "or") { left = try JinjaExpression(.or(left, try and()), line: line) }
        return left
    }

    private mutating func and() throws -> JinjaExpression {
        let line = line
        var left = try not()
        while take(name: "and") { left = try JinjaExpression(.and(left, try not()), line: line) }
        return left
    }

    private mutating func not() throws -> JinjaExpression {
        let line = line
        guard take(name: "not") else { return try comparison() }
        return try nested { parser in try JinjaExpression(.not(try parser.not()), line: line) }
    }

    private mutating func comparison() throws -> JinjaExpression {
        let line = line
        let first = try sum()
        var rest: [(op: String, value: JinjaExpression)] = []
        while let op = takeComparison() { rest.append((op, try sum())) }
        return rest.isEmpty ? first : try JinjaExpression(.compare(first, rest), line: line)
    }

    private mutating func takeComparison() -> String? {
        for op in ["==", "!=", "<", "<=", ">", ">="] where take(op: op) { return op }
        if take(name: "in") { return "in" }
        guard isName("not"), next.kind == .name("in") else { return nil }
        advance()
        advance()
        return "not in"
    }

    private mutating func sum() throws -> JinjaExpression {
        try chain(["+", "-"]) { parser in try parser.concatenation() }
    }

    private mutating func concatenation() throws -> JinjaExpression {
        let line = line
        var parts = [try product()]
        while take(op: "~") { parts.append(try product()) }
        return parts.count == 1 ? parts[0] : try JinjaExpression(.concat(parts), line: line)
    }

    private mutating func product() throws -> JinjaExpression {
        try chain(["*", "/", "//", "%"]) { parser in try parser.chain(["**"]) { inner in try inner.unary() } }
    }

    /// Operators of one precedence, from the left; so even is `**` in Jinja.
    private mutating func chain(
        _ operators: [String], _ operand: (inout JinjaParser) throws -> JinjaExpression
    ) throws -> JinjaExpression {
        let line = line
        var left = try operand(&self)
        while let op = operators.first(where: isOp) {
            advance()
            left = try JinjaExpression(.binary(op, left, try operand(&self)), line: line)
        }
        return left
    }

    private mutating func unary(withFilters: Bool = true) throws -> JinjaExpression {
        let line = line
        var value: JinjaExpression
        if let sign = ["-", "+"].first(where: isOp) {
            advance()
            let operand = try nested { parser in try parser.unary(withFilters: false) }
            value = try JinjaExpression(.unary(sign, operand), line: line)
        } else {
            value = try primary()
        }
        value = try postfix(value)
        return withFilters ? try filtersAndTests(value) : value
    }
}

// MARK: Operands

extension JinjaParser {
    func literal(_ value: JinjaLiteral, line: Int) throws -> JinjaExpression {
        try JinjaExpression(.literal(value), line: line)
    }

    mutating func primary() throws -> JinjaExpression {
        let token = current
        switch token.kind {
        case .name(let name):
            advance()
            switch name {
            case "true", "True", "false", "False":
                return try literal(.bool(name.lowercased() == "true"), line: token.line)
            case "none", "None": return try literal(.none, line: token.line)
            default: return try JinjaExpression(.name(name), line: token.line)
            }
        case .string: return try literal(.string(adjacentStrings()), line: token.line)
        case .integer(let value):
            advance()
            return try literal(.integer(value), line: token.line)
        case .float(let value):
            advance()
            return try literal(.float(value), line: token.line)
        case .op("("):
            advance()
            let value = try tuple(inParentheses: true)
            try expect(op: ")")
            return value
        case .op("["): return try JinjaExpression(.list(try items(closedBy: "]")), line: token.line)
        case .op("{"): return try dict()
        default: throw fail("unexpected \(token.summary)")
        }
    }

    /// Strings side by side are one.
    private mutating func adjacentStrings() -> PythonString {
        var text: PythonString = ""
        while case .string(let part) = current.kind {
            text = text + part
            advance()
        }
        return text
    }

    private mutating func items(closedBy close: String) throws -> [JinjaExpression] {
        advance()
        var items: [JinjaExpression] = []
        while !isOp(close) {
            if !items.isEmpty { try expect(op: ",") }
            if isOp(close) { break }
            items.append(try expression())
        }
        advance()
        return items
    }

    private mutating func dict() throws -> JinjaExpression {
        let line = line
        advance()
        var pairs: [(key: JinjaExpression, value: JinjaExpression)] = []
        while !isOp("}") {
            if !pairs.isEmpty { try expect(op: ",") }
            if isOp("}") { break }
            let key = try expression()
            try expect(op: ":")
            pairs.append((key, try expression()))
        }
        advance()
        return try JinjaExpression(.dict(pairs), line: line)
    }

    /// One expression, or several with commas between them as a tuple.
    ///
    /// - Parameters:
    ///   - withConditional: Whether `a if b` may stand here; a loop's `if` is its own.
    ///   - end: A name that ends the tuple.
    mutating func tuple(
        withConditional: Bool = true, inParentheses: Bool = false, end: String? = nil
    ) throws -> JinjaExpression {
        let line = line
        var items: [JinjaExpression] = []
        var isTuple = false
        while !endsTuple(end) {
            items.append(withConditional ? try expression() : try nested { parser in try parser.or() })
            guard isOp(",") else { break }
            isTuple = true
            advance()
        }
        if !isTuple, let only = items.first { return only }
        guard isTuple || inParentheses else { throw fail("expected an expression, found \(current.summary)") }
        return try JinjaExpression(.tuple(items), line: line)
    }

    func endsTuple(_ end: String?) -> Bool {
        switch current.kind {
        case .variableEnd, .blockEnd, .op(")"): true
        case .name(let name): name == end
        default: false
        }
    }
}
