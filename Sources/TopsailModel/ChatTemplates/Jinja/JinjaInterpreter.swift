import Foundation

/// A template that is parsed.
struct JinjaProgram: Sendable {
    let body: [JinjaStatement]
    let layouts: [JinjaScopeLayout]

    init(_ source: String) throws {
        let (body, scopes) = try JinjaParser.parse(source)
        try JinjaNameCheck.check(body)
        self.body = body
        layouts = JinjaScopeAnalysis(body, scopes: scopes).layouts
    }
}

/// Runs one template once.
final class JinjaInterpreter {
    private let program: JinjaProgram
    /// What names mean that no scope has: the caller's variables, functions, and what the outermost scope stored.
    var context: [String: JinjaValue]
    let clock: JinjaClock
    /// Where the statement or expression at work stands.
    var line = 1
    private var outputs: [[Unicode.Scalar]] = [[]]
    private var steps = 0
    private var depth = 0
    /// What may refer to itself, to be taken apart at the end.
    private var namespaces: [JinjaNamespace] = []
    private var closedOver: [JinjaScope] = []

    init(_ program: JinjaProgram, variables: [String: JinjaValue], clock: JinjaClock) {
        self.program = program
        self.clock = clock
        let functions = JinjaFunction.allCases.map { ($0.rawValue, JinjaValue.function($0)) }
        context = Dictionary(uniqueKeysWithValues: functions).merging(variables) { $1 }
    }

    func run() throws -> PythonString {
        defer {
            for namespace in namespaces { namespace.values = [:] }
            for scope in closedOver { scope.values = [:] }
        }
        _ = try execute(program.body, in: try enter(0, outer: nil))
        return PythonString(outputs[0])
    }

    // MARK: Limits

    /// Counts work against what a template may do.
    func charge(_ amount: Int = 1) throws {
        steps += amount
        guard steps <= JinjaLimits.steps else { throw JinjaFailure.limit("the template runs too long") }
    }

    func nested<Result>(_ body: () throws -> Result) throws -> Result {
        try descend()
        defer { ascend() }
        return try body()
    }

    /// Counts a level of nesting; `ascend` ends it when this did not throw.
    func descend() throws {
        guard depth < JinjaLimits.runDepth else { throw JinjaFailure.limit("the template is nested too deeply") }
        depth += 1
    }

    func ascend() { depth -= 1 }

    /// A new text as a value, checked for its length.
    func string(_ text: PythonString) throws -> JinjaValue {
        guard text.count <= JinjaLimits.textLength else { throw JinjaFailure.limit("a text is too long") }
        try charge(text.count / 8)
        return .string(text)
    }

    // MARK: Output

    func write(_ text: PythonString) throws {
        try charge(1 + text.count / 8)
        guard outputs[outputs.count - 1].count + text.count <= JinjaLimits.textLength else {
            throw JinjaFailure.limit("the output is too long")
        }
        outputs[outputs.count - 1] += text.scalars
    }

    /// What `body` writes, or `nil` when it is left by `break` or `continue`.
    func captured(_ body: () throws -> JinjaExit?) throws -> (text: PythonString, exit: JinjaExit?) {
        outputs.append([])
        do {
            let exit = try body()
            return (PythonString(outputs.removeLast()), exit)
        } catch {
            outputs.removeLast()
            throw error
        }
    }

    // MARK: Scopes

    func enter(_ number: Int, outer: JinjaScope?) throws -> JinjaScope {
        let layout = program.layouts[number]
        try charge(1 + layout.loads.count)
        let scope = JinjaScope(layout, outer: outer)
        for (name, load) in layout.loads {
            switch load {
            case .parameter, .undefined: break
            case .resolve: scope.values[name] = context[name]
            case .outer: scope.values[name] = outer.flatMap { lookUp(name, in: $0) }
            }
        }
        return scope
    }

    func lookUp(_ name: String, in scope: JinjaScope) -> JinjaValue? {
        var place: JinjaScope? = scope
        while let scope = place {
            if scope.layout.loads[name] != nil { return scope.values[name] }
            place = scope.outer
        }
        return context[name]
    }

    func makeNamespace() throws -> JinjaNamespace {
        try charge(8)
        let namespace = JinjaNamespace()
        namespaces.append(namespace)
        return namespace
    }

    func makeClosure(_ macro: JinjaMacro, in scope: JinjaScope) throws -> JinjaClosure {
        try charge(8)
        closedOver.append(scope)
        return JinjaClosure(macro, scope)
    }
}
