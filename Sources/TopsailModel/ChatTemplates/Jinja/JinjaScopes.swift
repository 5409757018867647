/// The variables of a scope and what each holds when the scope is entered.
///
/// Jinja decides once, before a template runs, where each name lives: a name that a scope stores to belongs to it from
/// its first line, even to lines before the assignment. These rules (of jinja2's `idtracking`) are followed here.
struct JinjaScopeLayout: Sendable {
    enum Load: Sendable, Equatable {
        /// Set by whoever opens the scope.
        case parameter
        /// Looked up among the template's variables and globals.
        case resolve
        /// Copied from the enclosing scope.
        case outer
        case undefined
    }

    var loads: [String: Load] = [:]
}

/// Finds the layouts of all scopes of a template.
struct JinjaScopeAnalysis {
    private(set) var layouts: [JinjaScopeLayout]

    init(_ body: [JinjaStatement], scopes: Int) {
        layouts = Array(repeating: JinjaScopeLayout(), count: scopes)
        analyze(scope: 0, enclosing: []) { table in table.visit(body) }
        descend(body, enclosing: [0])
    }

    private mutating func analyze(scope: Int, enclosing: [Int], _ visit: (inout Table) -> Void) {
        let known = enclosing.reduce(into: Set<String>()) { $0.formUnion(layouts[$1].loads.keys) }
        var table = Table(outer: known)
        visit(&table)
        layouts[scope] = JinjaScopeLayout(loads: table.loads)
    }

    /// Analyses the scopes inside statements whose own scope is done.
    private mutating func descend(_ body: [JinjaStatement], enclosing: [Int]) {
        for statement in body {
            switch statement.kind {
            case .branch(let cases, let otherwise):
                for (_, body) in cases { descend(body, enclosing: enclosing) }
                descend(otherwise, enclosing: enclosing)
            case .loop(let loop): open(loop, enclosing)
            case .macro(let macro), .callBlock(let macro, _): open(macro, enclosing)
            case .with(let values, let block):
                open(block, enclosing) { table in values.forEach { table.declare($0.target) } }
            case .setBlock(_, _, let block), .generation(let block): open(block, enclosing)
            case .filterBlock(let filter, let block): open(block, enclosing, after: { $0.visit(filter) })
            case .text, .output, .set, .exit: break
            }
        }
    }

    private mutating func open(
        _ block: JinjaBlock, _ enclosing: [Int], before: (inout Table) -> Void = { _ in },
        after: (inout Table) -> Void = { _ in }
    ) {
        analyze(scope: block.scope, enclosing: enclosing) { table in
            before(&table)
            table.visit(block.body)
            after(&table)
        }
        descend(block.body, enclosing: enclosing + [block.scope])
    }

    private mutating func open(_ loop: JinjaLoop, _ enclosing: [Int]) {
        open(
            loop.body, enclosing,
            before: { table in
                if loop.readsLoop { table.declare(.name("loop")) }
                table.declare(loop.target)
            })
        open(loop.otherwise, enclosing)
        analyze(scope: loop.testScope, enclosing: enclosing) { table in
            table.declare(loop.target)
            if let test = loop.test { table.visit(test) }
        }
    }

    private mutating func open(_ macro: JinjaMacro, _ enclosing: [Int]) {
        open(
            macro.body, enclosing,
            before: { table in
                macro.parameters.forEach { table.declare(.name($0.name)) }
                macro.parameters.forEach { $0.value.map { table.visit($0) } }
            },
            after: { table in
                if macro.readsCaller { table.declare(.name("caller")) }
                if macro.readsKeywords { table.declare(.name("kwargs")) }
                if macro.readsPositional { table.declare(.name("varargs")) }
            })
    }
}

extension JinjaScopeAnalysis {
    /// The names of one scope while its statements are visited in order.
    struct Table {
        /// Names that enclosing scopes know.
        let outer: Set<String>
        var loads: [String: JinjaScopeLayout.Load] = [:]
        var stores: Set<String> = []

        init(outer: Set<String>) { self.outer = outer }

        mutating func declare(_ target: JinjaTarget) {
            for name in target.names {
                stores.insert(name)
                loads[name] = .parameter
            }
        }

        mutating func load(_ name: String) {
            if loads[name] == nil, !outer.contains(name) { loads[name] = .resolve }
        }

        mutating func store(_ name: String) {
            stores.insert(name)
            if loads[name] == nil { loads[name] = outer.contains(name) ? .outer : .undefined }
        }

        mutating func visit(_ expression: JinjaExpression) {
            if case .name(let name) = expression.kind { load(name) }
            for child in expression.kind.children { visit(child) }
        }

        mutating func store(_ target: JinjaTarget) {
            switch target {
            case .name(let name): store(name)
            case .attribute(let name, _): load(name)
            case .tuple(let targets): targets.forEach { store($0) }
            }
        }

        mutating func visit(_ body: [JinjaStatement]) {
            for statement in body { visit(statement) }
        }

        private mutating func visit(_ statement: JinjaStatement) {
            switch statement.kind {
            case .text, .exit, .generation: break
            case .output(let values): values.forEach { visit($0) }
            case .set(let target, let value):
                visit(value)
                store(target)
            case .setBlock(let target, _, _): store(target)
            case .branch(let cases, let otherwise): visit(cases[...], otherwise: otherwise)
            case .loop(let loop): visit(loop.iterable)
            case .with(let values, _): values.forEach { visit($0.value) }
            case .macro(let macro): store(macro.name)
            case .callBlock(_, let call): visit(call)
            case .filterBlock(let filter, _): visit(filter)
            }
        }

        /// A condition with the branches after it. A name that only branches store to has outside of them the value it
        /// had before the scope.
        private mutating func visit(
            _ cases: ArraySlice<(test: JinjaExpression, body: [JinjaStatement])>, otherwise: [JinjaStatement]
        ) {
            guard let first = cases.first else { return }
            visit(first.test)
            var branches = [self, self, self]
            branches[0].visit(first.body)
            for next in cases.dropFirst() { branches[1].visit([next], otherwise: []) }
            branches[2].visit(otherwise)
            let stored = branches.reduce(into: Set<String>()) { $0.formUnion($1.stores) }.subtracting(stores)
            for branch in branches {
                loads.merge(branch.loads) { $1 }
                stores.formUnion(branch.stores)
            }
            for name in stored { loads[name] = outer.contains(name) ? .outer : .resolve }
        }
    }
}

/// Looks for a name that is read anywhere in statements, scopes inside them included.
enum JinjaNameSearch {
    static func reads(_ name: String, in body: [JinjaStatement]) -> Bool {
        body.contains { reads(name, in: $0) }
    }

    private static func reads(_ name: String, in expression: JinjaExpression) -> Bool {
        if case .name(name) = expression.kind { return true }
        return expression.kind.children.contains { reads(name, in: $0) }
    }

    private static func reads(_ name: String, in macro: JinjaMacro) -> Bool {
        macro.parameters.contains { $0.value.map { reads(name, in: $0) } ?? false } || reads(name, in: macro.body.body)
    }

    private static func reads(_ name: String, in statement: JinjaStatement) -> Bool {
        switch statement.kind {
        case .text, .exit: false
        case .output(let values): values.contains { reads(name, in: $0) }
        case .set(_, let value): reads(name, in: value)
        case .setBlock(_, let filter, let block):
            reads(name, in: block.body) || (filter.map { reads(name, in: $0) } ?? false)
        case .branch(let cases, let otherwise):
            cases.contains { reads(name, in: $0.test) || reads(name, in: $0.body) } || reads(name, in: otherwise)
        case .loop(let loop):
            reads(name, in: loop.iterable) || (loop.test.map { reads(name, in: $0) } ?? false)
                || reads(name, in: loop.body.body) || reads(name, in: loop.otherwise.body)
        case .with(let values, let block):
            values.contains { reads(name, in: $0.value) } || reads(name, in: block.body)
        case .macro(let macro): reads(name, in: macro)
        case .callBlock(let macro, let call): reads(name, in: macro) || reads(name, in: call)
        case .filterBlock(let filter, let block): reads(name, in: filter) || reads(name, in: block.body)
        case .generation(let block): reads(name, in: block.body)
        }
    }
}
