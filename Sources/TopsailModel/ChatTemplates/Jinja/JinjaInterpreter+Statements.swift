// Statements; each returns how it was left, if not at its end.

extension JinjaInterpreter {
    func execute(_ body: [JinjaStatement], in scope: JinjaScope) throws -> JinjaExit? {
        for statement in body {
            if let exit = try execute(statement, in: scope) { return exit }
        }
        return nil
    }

    private func execute(_ statement: JinjaStatement, in scope: JinjaScope) throws -> JinjaExit? {
        line = statement.line
        try charge()
        switch statement.kind {
        case .text(let text): try write(text)
        case .output(let values):
            for value in values { try write(try print(try evaluate(value, in: scope))) }
        case .set(let target, let value):
            try checkNamespaces(of: target, in: scope)
            try assign(try evaluate(value, in: scope), to: target, in: scope)
        case .setBlock(let target, let filter, let block): return try setBlock(target, filter, block, in: scope)
        case .branch(let cases, let otherwise): return try branch(cases, otherwise, in: scope)
        case .loop(let loop): return try nested { try run(loop, in: scope) }
        case .with(let values, let block): return try with(values, block, in: scope)
        case .macro(let macro):
            try assign(.macro(try makeClosure(macro, in: scope)), to: .name(macro.name), in: scope)
        case .callBlock(let macro, let call):
            let caller = JinjaValue.macro(try makeClosure(macro, in: scope))
            try write(try print(try self.call(call, caller: caller, in: scope)))
        case .filterBlock(let filter, let block): return try filterBlock(filter, block, in: scope)
        case .generation(let block):
            try write(
                try captured { try nested { try execute(block.body, in: try enter(block.scope, outer: scope)) } }.text)
        case .exit(let exit): return exit
        }
        return nil
    }

    private func branch(
        _ cases: [(test: JinjaExpression, body: [JinjaStatement])], _ otherwise: [JinjaStatement], in scope: JinjaScope
    ) throws -> JinjaExit? {
        for (test, body) in cases where try truth(try evaluate(test, in: scope)) {
            return try nested { try execute(body, in: scope) }
        }
        return try nested { try execute(otherwise, in: scope) }
    }

    private func with(
        _ values: [(target: JinjaTarget, value: JinjaExpression)], _ block: JinjaBlock, in scope: JinjaScope
    ) throws -> JinjaExit? {
        let inner = try enter(block.scope, outer: scope)
        for (target, value) in values { try assign(try evaluate(value, in: scope), to: target, in: inner) }
        return try nested { try execute(block.body, in: inner) }
    }

    private func filterBlock(
        _ filter: JinjaExpression, _ block: JinjaBlock, in scope: JinjaScope
    ) throws -> JinjaExit? {
        let inner = try enter(block.scope, outer: scope)
        let (text, exit) = try captured { try nested { try execute(block.body, in: inner) } }
        guard exit == nil else { return exit }
        try write(try print(try evaluate(filter, in: inner, piped: try string(text))))
        return nil
    }

    // MARK: Assignments

    private func setBlock(
        _ target: JinjaTarget, _ filter: JinjaExpression?, _ block: JinjaBlock, in scope: JinjaScope
    ) throws -> JinjaExit? {
        try checkNamespaces(of: target, in: scope)
        let inner = try enter(block.scope, outer: scope)
        let (text, exit) = try captured { try nested { try execute(block.body, in: inner) } }
        guard exit == nil else { return exit }
        var value = try string(text)
        if let filter { value = try evaluate(filter, in: inner, piped: value) }
        try assign(value, to: target, in: scope)
        return nil
    }

    private func checkNamespaces(of target: JinjaTarget, in scope: JinjaScope) throws {
        for name in target.namespaces {
            guard case .namespace = lookUp(name, in: scope) else {
                throw JinjaFailure.failed("\(name) is no namespace, so its attributes cannot be set")
            }
        }
    }

    private func assign(_ value: JinjaValue, to target: JinjaTarget, in scope: JinjaScope) throws {
        switch target {
        case .name(let name):
            scope.values[name] = value
            if scope.outer == nil { context[name] = value }
        case .attribute(let name, let attribute):
            guard case .namespace(let namespace) = lookUp(name, in: scope) else { return }
            try checkAttributeName(attribute)
            namespace.set(attribute, value)
        case .tuple(let targets):
            let values = try elements(of: value)
            guard values.count == targets.count else {
                throw JinjaFailure.failed("\(values.count) values cannot be unpacked into \(targets.count) names")
            }
            for (value, target) in zip(values, targets) { try assign(value, to: target, in: scope) }
        }
    }

    /// The sandbox keeps a namespace's names from beginning with an underscore.
    func checkAttributeName(_ name: String) throws {
        if name.hasPrefix("_") {
            throw JinjaFailure.failed("a namespace takes no name that begins with _, as \(name) does")
        }
    }

    // MARK: Loops

    private func run(_ loop: JinjaLoop, in scope: JinjaScope) throws -> JinjaExit? {
        let iterable = try evaluate(loop.iterable, in: scope)
        var iterator = try makeIterator(over: iterable)
        if let test = loop.test { iterator = try filtered(iterator, by: test, of: loop, in: scope) }
        let state = JinjaLoopState(iterator, length: loop.test == nil ? sizeIfKnown(of: iterable) : nil)
        // Jinja takes a loop whose iterations were all cut short for one without iterations.
        var ranToItsEnd = false
        iterations: while let value = try state.next() {
            try charge()
            let inner = try enter(loop.body.scope, outer: scope)
            if loop.readsLoop { inner.values["loop"] = .loop(state) }
            try assign(value, to: loop.target, in: inner)
            switch try execute(loop.body.body, in: inner) {
            case .breaking: break iterations
            case .continuing: break
            case nil: ranToItsEnd = true
            }
        }
        guard !ranToItsEnd, !loop.otherwise.body.isEmpty else { return nil }
        return try execute(loop.otherwise.body, in: try enter(loop.otherwise.scope, outer: scope))
    }

    /// The values that pass the loop's `if`, each tested when it is asked for.
    private func filtered(
        _ iterator: JinjaIterator, by test: JinjaExpression, of loop: JinjaLoop, in scope: JinjaScope
    ) throws -> JinjaIterator {
        let inner = try enter(loop.testScope, outer: scope)
        return try JinjaIterator(depth: iterator.depth) { [self] in
            while let value = try iterator.next() {
                try assign(value, to: loop.target, in: inner)
                if try truth(try evaluate(test, in: inner)) { return value }
            }
            return nil
        }
    }
}
