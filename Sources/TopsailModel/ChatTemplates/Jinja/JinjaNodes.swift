/// An expression with its place; `height` bounds the recursion of whoever walks it.
struct JinjaExpression: Sendable {
    let kind: JinjaExpressionKind
    let line: Int
    let height: Int

    init(_ kind: JinjaExpressionKind, line: Int) throws {
        self.kind = kind
        self.line = line
        height = 1 + (kind.children.map(\.height).max() ?? 0)
        guard height <= JinjaLimits.expressionHeight else {
            throw JinjaFailure.syntax(line: line, "an expression is nested too deeply")
        }
    }
}

indirect enum JinjaExpressionKind: Sendable {
    case literal(JinjaLiteral)
    case name(String)
    case list([JinjaExpression])
    case tuple([JinjaExpression])
    case dict([(key: JinjaExpression, value: JinjaExpression)])
    case unary(String, JinjaExpression)
    case binary(String, JinjaExpression, JinjaExpression)
    case not(JinjaExpression)
    case and(JinjaExpression, JinjaExpression)
    case or(JinjaExpression, JinjaExpression)
    case compare(JinjaExpression, [(op: String, value: JinjaExpression)])
    case concat([JinjaExpression])
    case conditional(test: JinjaExpression, then: JinjaExpression, otherwise: JinjaExpression?)
    case attribute(JinjaExpression, String)
    case item(JinjaExpression, JinjaExpression)
    case slice(JinjaExpression, JinjaSlice)
    case call(JinjaExpression, JinjaArguments)
    /// Without a value a filter takes what its block wrote.
    case filter(JinjaExpression?, String, JinjaArguments)
    case test(JinjaExpression, String, JinjaArguments)

    /// The expressions directly inside, in the order in which names are looked up.
    var children: [JinjaExpression] {
        switch self {
        case .literal, .name: []
        case .list(let items), .tuple(let items), .concat(let items): items
        case .dict(let pairs): pairs.flatMap { [$0.key, $0.value] }
        case .unary(_, let value), .not(let value), .attribute(let value, _): [value]
        case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right): [left, right]
        case .compare(let first, let rest): [first] + rest.map(\.value)
        case .conditional(let test, let then, let otherwise): [test, then] + (otherwise.map { [$0] } ?? [])
        case .item(let value, let key): [value, key]
        case .slice(let value, let slice): [value] + slice.bounds
        case .call(let value, let arguments): [value] + arguments.all
        case .filter(let value, _, let arguments): (value.map { [$0] } ?? []) + arguments.all
        case .test(let value, _, let arguments): [value] + arguments.all
        }
    }
}

enum JinjaLiteral: Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(PythonString)
}

struct JinjaSlice: Sendable {
    var start, stop, step: JinjaExpression?

    var bounds: [JinjaExpression] { [start, stop, step].compactMap { $0 } }
}

struct JinjaArguments: Sendable {
    var positional: [JinjaExpression] = []
    var keywords: [(name: String, value: JinjaExpression)] = []
    /// `*list`.
    var spread: JinjaExpression?
    /// `**mapping`.
    var keywordSpread: JinjaExpression?

    var all: [JinjaExpression] {
        positional + keywords.map(\.value) + [spread, keywordSpread].compactMap { $0 }
    }
}

/// What an assignment, a loop or `with` writes to.
indirect enum JinjaTarget: Sendable {
    case name(String)
    /// An attribute of a namespace.
    case attribute(String, String)
    case tuple([JinjaTarget])

    /// The names that are stored to.
    var names: [String] {
        switch self {
        case .name(let name): [name]
        case .attribute: []
        case .tuple(let targets): targets.flatMap(\.names)
        }
    }

    /// The namespaces whose attributes are stored to.
    var namespaces: [String] {
        switch self {
        case .name: []
        case .attribute(let name, _): [name]
        case .tuple(let targets): targets.flatMap(\.namespaces)
        }
    }
}

struct JinjaStatement: Sendable {
    let kind: JinjaStatementKind
    let line: Int
}

indirect enum JinjaStatementKind: Sendable {
    case text(PythonString)
    case output([JinjaExpression])
    case set(JinjaTarget, JinjaExpression)
    case setBlock(JinjaTarget, filter: JinjaExpression?, JinjaBlock)
    case branch([(test: JinjaExpression, body: [JinjaStatement])], otherwise: [JinjaStatement])
    case loop(JinjaLoop)
    case with([(target: JinjaTarget, value: JinjaExpression)], JinjaBlock)
    case macro(JinjaMacro)
    /// A call with the block as its `caller`.
    case callBlock(JinjaMacro, call: JinjaExpression)
    case filterBlock(JinjaExpression, JinjaBlock)
    /// `{% generation %}`, which marks what the assistant wrote and changes nothing of it.
    case generation(JinjaBlock)
    case exit(JinjaExit)
}

/// `break` and `continue`.
enum JinjaExit: Sendable { case breaking, continuing }

/// Statements with variables of their own; `scope` numbers the scope in the template.
struct JinjaBlock: Sendable {
    var scope: Int
    var body: [JinjaStatement]
}

struct JinjaLoop: Sendable {
    var target: JinjaTarget
    var iterable: JinjaExpression
    var test: JinjaExpression?
    var testScope: Int
    var body: JinjaBlock
    var otherwise: JinjaBlock
    var readsLoop: Bool
}

struct JinjaMacro: Sendable {
    var name: String
    var parameters: [(name: String, value: JinjaExpression?)]
    var body: JinjaBlock
    /// Which of the names that every macro offers it reads.
    var readsCaller = false, readsKeywords = false, readsPositional = false
}
