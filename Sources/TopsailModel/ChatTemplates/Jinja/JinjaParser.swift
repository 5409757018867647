/// Reads the tokens of a template into statements; this file has the parts that expressions and statements share.
struct JinjaParser {
    private let tokens: [JinjaToken]
    private var place = 0
    private var depth = 0
    /// Scopes numbered so far; 0 is the template's.
    var scopeCount = 1
    /// Enclosing loops that `break` may leave.
    var openLoops = 0
    /// Enclosing loops in whose bodies `loop` may not be written.
    var protectingLoops = 0

    init(_ tokens: [JinjaToken]) { self.tokens = tokens }

    /// - Returns: The template's statements and the number of scopes in them.
    static func parse(_ source: String) throws -> (body: [JinjaStatement], scopes: Int) {
        var parser = JinjaParser(try JinjaLexer.tokens(of: source))
        let (body, _) = try parser.statements(until: [])
        return (body, parser.scopeCount)
    }

    mutating func makeScope() -> Int {
        defer { scopeCount += 1 }
        return scopeCount
    }

    /// Counts a level of nesting for as long as `body` runs.
    mutating func nested<Result>(_ body: (inout JinjaParser) throws -> Result) throws -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= JinjaLimits.sourceDepth else { throw fail("the template is nested too deeply") }
        return try body(&self)
    }

    // MARK: Tokens

    var current: JinjaToken { tokens[place] }
    var next: JinjaToken { tokens[min(place + 1, tokens.count - 1)] }
    var line: Int { current.line }

    mutating func advance() { place = min(place + 1, tokens.count - 1) }

    func isOp(_ text: String) -> Bool { current.kind == .op(text) }
    func isName(_ text: String) -> Bool { current.kind == .name(text) }

    mutating func take(op text: String) -> Bool {
        guard isOp(text) else { return false }
        advance()
        return true
    }

    mutating func take(name text: String) -> Bool {
        guard isName(text) else { return false }
        advance()
        return true
    }

    mutating func expect(op text: String) throws {
        guard take(op: text) else { throw unexpected(text) }
    }

    mutating func expect(_ kind: JinjaToken.Kind, _ text: String) throws {
        guard current.kind == kind else { throw unexpected(text) }
        advance()
    }

    mutating func expectName() throws -> String {
        guard case .name(let name) = current.kind else { throw unexpected("a name") }
        advance()
        return name
    }

    func unexpected(_ wanted: String) -> JinjaFailure { fail("expected \(wanted), found \(current.summary)") }
    func fail(_ problem: String, line: Int? = nil) -> JinjaFailure { .syntax(line: line ?? self.line, problem) }
}
