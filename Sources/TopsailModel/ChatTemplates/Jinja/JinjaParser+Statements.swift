// Text, output and the tags.

extension JinjaParser {
    /// Statements up to a tag of one of the names, which is consumed but for the end of its tag; to the end of the
    /// template without names.
    ///
    /// - Returns: The statements and the name that ended them.
    mutating func statements(until ends: Set<String>) throws -> ([JinjaStatement], end: String) {
        let opened = line
        var body: [JinjaStatement] = []
        while true {
            let line = line
            switch current.kind {
            case .end:
                guard ends.isEmpty else {
                    throw fail("the template ends before \(ends.sorted().joined(separator: " or "))", line: opened)
                }
                return (body, "")
            case .data(let text):
                advance()
                body.append(JinjaStatement(kind: .text(text), line: line))
            case .variableBegin:
                advance()
                body.append(JinjaStatement(kind: .output([try tuple()]), line: line))
                try expect(.variableEnd, "}}")
            default:
                try expect(.blockBegin, "{%")
                let tag = try expectName()
                if ends.contains(tag) { return (body, tag) }
                let kind = try nested { parser in try parser.statement(tag, line: line) }
                body.append(JinjaStatement(kind: kind, line: line))
                try expect(.blockEnd, "%}")
            }
        }
    }

    /// The body of a tag: from the end of the tag that opens it to the name that ends it.
    private mutating func body(until ends: Set<String>) throws -> ([JinjaStatement], end: String) {
        _ = take(op: ":")
        try expect(.blockEnd, "%}")
        return try statements(until: ends)
    }

    private mutating func block(until end: String) throws -> JinjaBlock {
        let scope = makeScope()
        return JinjaBlock(scope: scope, body: try body(until: [end]).0)
    }

    private mutating func statement(_ tag: String, line: Int) throws -> JinjaStatementKind {
        switch tag {
        case "set": try set()
        case "if": try branch()
        case "for": try loop()
        case "with": try with()
        case "macro": try macro()
        case "call": try callBlock(line: line)
        case "filter": try filterBlock()
        case "print": try printed()
        case "generation": .generation(try outsideLoops { parser in try parser.block(until: "endgeneration") })
        case "break", "continue": try exit(tag)
        case "include", "import", "from", "extends", "block", "autoescape":
            throw fail("the tag \(tag) is not supported", line: line)
        default: throw fail("unknown tag \(tag)", line: line)
        }
    }

    private func exit(_ tag: String) throws -> JinjaStatementKind {
        guard openLoops > 0 else { throw fail("\(tag) stands outside a loop") }
        return .exit(tag == "break" ? .breaking : .continuing)
    }

    /// Parses what becomes a function, whose body no enclosing loop can be left from.
    private mutating func outsideLoops<Result>(_ body: (inout JinjaParser) throws -> Result) throws -> Result {
        let loops = openLoops
        openLoops = 0
        defer { openLoops = loops }
        return try body(&self)
    }

    private mutating func printed() throws -> JinjaStatementKind {
        var values: [JinjaExpression] = []
        while current.kind != .blockEnd {
            if !values.isEmpty { try expect(op: ",") }
            values.append(try expression())
        }
        return .output(values)
    }

    private mutating func branch() throws -> JinjaStatementKind {
        var cases: [(test: JinjaExpression, body: [JinjaStatement])] = []
        var end = "elif"
        while end == "elif" {
            let test = try tuple(withConditional: false)
            let (body, next) = try body(until: ["elif", "else", "endif"])
            cases.append((test, body))
            end = next
        }
        return .branch(cases, otherwise: end == "else" ? try body(until: ["endif"]).0 : [])
    }

    private mutating func filterBlock() throws -> JinjaStatementKind {
        let filter = try filters(try filter(nil))
        return .filterBlock(filter, try block(until: "endfilter"))
    }

    /// Further filters on top of one.
    private mutating func filters(_ first: JinjaExpression) throws -> JinjaExpression {
        var value = first
        while take(op: "|") { value = try filter(value) }
        return value
    }

    // MARK: Assignments

    private mutating func set() throws -> JinjaStatementKind {
        let target = try target(withNamespace: true)
        if take(op: "=") { return .set(target, try tuple()) }
        let filter = take(op: "|") ? try filters(try filter(nil)) : nil
        return .setBlock(target, filter: filter, try block(until: "endset"))
    }

    private mutating func with() throws -> JinjaStatementKind {
        var values: [(target: JinjaTarget, value: JinjaExpression)] = []
        while current.kind != .blockEnd {
            if !values.isEmpty { try expect(op: ",") }
            let target = try target()
            try expect(op: "=")
            values.append((target, try expression()))
        }
        return .with(values, try block(until: "endwith"))
    }

    private mutating func target(withNamespace: Bool = false, end: String? = nil) throws -> JinjaTarget {
        var targets: [JinjaTarget] = []
        var isTuple = false
        while !endsTuple(end) {
            targets.append(try nested { parser in try parser.oneTarget(withNamespace) })
            guard isOp(",") else { break }
            isTuple = true
            advance()
        }
        if !isTuple, let only = targets.first { return only }
        guard isTuple else { throw fail("expected a name, found \(current.summary)") }
        return .tuple(targets)
    }

    private mutating func oneTarget(_ withNamespace: Bool) throws -> JinjaTarget {
        if take(op: "(") {
            let inner = isOp(")") ? JinjaTarget.tuple([]) : try target()
            try expect(op: ")")
            return inner
        }
        let name = try expectName()
        guard !["true", "false", "none", "True", "False", "None"].contains(name) else {
            throw fail("cannot assign to \(name)")
        }
        if withNamespace, take(op: ".") { return .attribute(name, try expectName()) }
        if name == "loop", protectingLoops > 0 { throw fail("cannot assign to loop inside a loop") }
        return .name(name)
    }

    // MARK: Loops

    private mutating func loop() throws -> JinjaStatementKind {
        protectingLoops += 1
        defer { protectingLoops -= 1 }
        let target = try target(end: "in")
        guard take(name: "in") else { throw unexpected("in") }
        let iterable = try tuple(withConditional: false, end: "recursive")
        let test = take(name: "if") ? try expression() : nil
        if isName("recursive") { throw fail("recursive loops are not supported") }
        let testScope = makeScope()
        let bodyScope = makeScope()
        openLoops += 1
        let (body, end) = try body(until: ["endfor", "else"])
        openLoops -= 1
        let elseScope = makeScope()
        let otherwise = end == "else" ? try self.body(until: ["endfor"]).0 : []
        return .loop(
            JinjaLoop(
                target: target, iterable: iterable, test: test, testScope: testScope,
                body: JinjaBlock(scope: bodyScope, body: body),
                otherwise: JinjaBlock(scope: elseScope, body: otherwise),
                readsLoop: JinjaNameSearch.reads("loop", in: body)))
    }

    // MARK: Macros

    private mutating func macro() throws -> JinjaStatementKind {
        let name = try expectName()
        return .macro(
            try outsideLoops { parser in
                try parser.macro(named: name, parameters: try parser.signature(), until: "endmacro")
            })
    }

    private mutating func callBlock(line: Int) throws -> JinjaStatementKind {
        let parameters = isOp("(") ? try signature() : []
        let call = try expression()
        guard case .call = call.kind else { throw fail("a call block needs a call", line: line) }
        let macro = try outsideLoops { parser in
            try parser.macro(named: "caller", parameters: parameters, until: "endcall")
        }
        return .callBlock(macro, call: call)
    }

    private mutating func macro(
        named name: String, parameters: [(name: String, value: JinjaExpression?)], until end: String
    ) throws -> JinjaMacro {
        let block = try block(until: end)
        func reads(_ special: String) -> Bool {
            !parameters.contains { $0.name == special } && JinjaNameSearch.reads(special, in: block.body)
        }
        return JinjaMacro(
            name: name, parameters: parameters, body: block, readsCaller: reads("caller"),
            readsKeywords: reads("kwargs"), readsPositional: reads("varargs"))
    }

    private mutating func signature() throws -> [(name: String, value: JinjaExpression?)] {
        try expect(op: "(")
        var parameters: [(name: String, value: JinjaExpression?)] = []
        while !isOp(")") {
            if !parameters.isEmpty { try expect(op: ",") }
            let name = try expectName()
            guard !parameters.contains(where: { $0.name == name }) else {
                throw fail("the parameter \(name) is named twice")
            }
            let value = take(op: "=") ? try expression() : nil
            guard value != nil || parameters.last?.value == nil else {
                throw fail("a parameter without a default follows one with a default")
            }
            parameters.append((name, value))
        }
        advance()
        return parameters
    }
}
