// What follows an operand: attributes, items, calls, filters and tests.

extension JinjaParser {
    mutating func postfix(_ value: JinjaExpression) throws -> JinjaExpression {
        var value = value
        while true {
            if isOp(".") {
                value = try attribute(of: value)
            } else if isOp("[") {
                value = try subscripted(value)
            } else if isOp("(") {
                value = try call(value)
            } else {
                return value
            }
        }
    }

    func filtersAndTestsFollow() -> Bool { isOp("|") || isName("is") || isOp("(") }

    mutating func filtersAndTests(_ value: JinjaExpression) throws -> JinjaExpression {
        var value = value
        while filtersAndTestsFollow() {
            if isOp("|") {
                advance()
                value = try filter(value)
            } else if isName("is") {
                value = try test(value)
            } else {
                value = try call(value)
            }
        }
        return value
    }

    private mutating func attribute(of value: JinjaExpression) throws -> JinjaExpression {
        let line = line
        advance()
        switch current.kind {
        case .name(let name):
            advance()
            return try JinjaExpression(.attribute(value, name), line: line)
        case .integer(let index):
            advance()
            return try JinjaExpression(.item(value, literal(.integer(index), line: line)), line: line)
        default: throw unexpected("a name or a number")
        }
    }

    // MARK: Items and slices

    private mutating func subscripted(_ value: JinjaExpression) throws -> JinjaExpression {
        let line = line
        advance()
        var keys: [JinjaExpression] = []
        var isSlice = false
        var slice = JinjaSlice()
        var hasComma = false
        while !isOp("]") {
            if !keys.isEmpty || isSlice {
                try expect(op: ",")
                hasComma = true
            }
            let key = isOp(":") ? nil : try expression()
            guard key == nil || isOp(":") else {
                keys.append(key!)
                continue
            }
            isSlice = true
            slice = try self.slice(from: key)
        }
        advance()
        guard isSlice else {
            let key = keys.count == 1 ? keys[0] : try JinjaExpression(.tuple(keys), line: line)
            return try JinjaExpression(.item(value, key), line: line)
        }
        guard !hasComma else { throw fail("slices of several dimensions are not supported", line: line) }
        return try JinjaExpression(.slice(value, slice), line: line)
    }

    private mutating func slice(from start: JinjaExpression?) throws -> JinjaSlice {
        var slice = JinjaSlice(start: start)
        advance()
        if !isOp(":"), !isOp("]"), !isOp(",") { slice.stop = try expression() }
        guard take(op: ":") else { return slice }
        if !isOp("]"), !isOp(",") { slice.step = try expression() }
        return slice
    }

    // MARK: Calls

    private mutating func call(_ value: JinjaExpression) throws -> JinjaExpression {
        let line = line
        return try JinjaExpression(.call(value, try arguments()), line: line)
    }

    mutating func arguments() throws -> JinjaArguments {
        try expect(op: "(")
        var arguments = JinjaArguments()
        var isFirst = true
        while !isOp(")") {
            if !isFirst { try expect(op: ",") }
            if isOp(")") { break }
            isFirst = false
            try argument(into: &arguments)
        }
        advance()
        return arguments
    }

    private mutating func argument(into arguments: inout JinjaArguments) throws {
        guard arguments.keywordSpread == nil else { throw fail("arguments are in the wrong order") }
        if take(op: "*") {
            guard arguments.spread == nil else { throw fail("arguments are in the wrong order") }
            arguments.spread = try expression()
        } else if take(op: "**") {
            arguments.keywordSpread = try expression()
        } else if case .name(let name) = current.kind, next.kind == .op("=") {
            advance()
            advance()
            guard !arguments.keywords.contains(where: { $0.name == name }) else {
                throw fail("the argument \(name) is given twice")
            }
            arguments.keywords.append((name, try expression()))
        } else {
            guard arguments.keywords.isEmpty, arguments.spread == nil else {
                throw fail("arguments are in the wrong order")
            }
            arguments.positional.append(try expression())
        }
    }

    // MARK: Filters and tests

    /// A filter's name and arguments, after the bar.
    mutating func filter(_ value: JinjaExpression?) throws -> JinjaExpression {
        let line = line
        let name = try dottedName()
        let arguments = isOp("(") ? try arguments() : JinjaArguments()
        return try JinjaExpression(.filter(value, name, arguments), line: line)
    }

    private mutating func dottedName() throws -> String {
        var name = try expectName()
        while take(op: ".") { name += "." + (try expectName()) }
        return name
    }

    private mutating func test(_ value: JinjaExpression) throws -> JinjaExpression {
        let line = line
        advance()
        let isNegated = take(name: "not")
        let name = try dottedName()
        var arguments = JinjaArguments()
        if isOp("(") {
            arguments = try self.arguments()
        } else if takesOperand() {
            if isName("is") { throw fail("tests cannot be chained with is") }
            arguments.positional = [try nested { parser in try parser.postfix(try parser.primary()) }]
        }
        let test = try JinjaExpression(.test(value, name, arguments), line: line)
        return isNegated ? try JinjaExpression(.not(test), line: line) : test
    }

    /// Whether an argument without parentheses follows a test.
    private func takesOperand() -> Bool {
        switch current.kind {
        case .name(let name): !["else", "or", "and"].contains(name)
        case .string, .integer, .float, .op("["), .op("{"): true
        default: false
        }
    }
}
