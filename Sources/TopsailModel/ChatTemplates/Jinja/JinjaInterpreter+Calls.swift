// Calls of macros, functions and methods.

extension JinjaInterpreter {
    func arguments(_ arguments: JinjaArguments, in scope: JinjaScope) throws -> JinjaCallArguments {
        var values = JinjaCallArguments()
        values.positional = try arguments.positional.map { try evaluate($0, in: scope) }
        values.keywords = try arguments.keywords.map { ($0.name, try evaluate($0.value, in: scope)) }
        if let spread = arguments.spread { values.positional += try elements(of: try evaluate(spread, in: scope)) }
        if let spread = arguments.keywordSpread {
            guard case .dict(let dict) = try evaluate(spread, in: scope) else {
                throw JinjaFailure.failed("** takes a mapping")
            }
            for (key, value) in dict.pairs {
                guard case .string(let name) = key, !values.keywords.contains(where: { $0.name == name.text }) else {
                    throw JinjaFailure.failed("the names of ** are not texts, or are given twice")
                }
                values.keywords.append((name.text, value))
            }
        }
        return values
    }

    /// A call expression, with the block of a `call` tag as `caller`.
    func call(_ node: JinjaExpression, caller: JinjaValue?, in scope: JinjaScope) throws -> JinjaValue {
        guard case .call(let callee, let arguments) = node.kind else { throw JinjaFailure.failed("this is no call") }
        let function = try evaluate(callee, in: scope)
        var values = try self.arguments(arguments, in: scope)
        if let caller { values.keywords.append(("caller", caller)) }
        line = node.line
        return try call(function, values)
    }

    private func call(_ callee: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        try charge(4)
        switch callee {
        case .macro(let closure): return try nested { try call(closure, arguments) }
        case .function(let function): return try call(function, arguments)
        case .method(let method): return try call(method, arguments)
        case .undefined(let reason): throw JinjaFailure.failed(reason)
        default: throw JinjaFailure.failed("\(callee.typeName) cannot be called")
        }
    }

    // MARK: Macros

    private func call(_ closure: JinjaClosure, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let macro = closure.macro
        var keywords = arguments.keywords
        func takeKeyword(_ name: String) -> JinjaValue? {
            keywords.firstIndex { $0.name == name }.map { keywords.remove(at: $0).value }
        }
        let scope = try enter(macro.body.scope, outer: closure.scope)
        for (place, parameter) in macro.parameters.enumerated() {
            scope.values[parameter.name] =
                place < arguments.positional.count ? arguments.positional[place] : takeKeyword(parameter.name)
        }
        if macro.readsCaller { scope.values["caller"] = takeKeyword("caller") ?? .undefined("there is no caller") }
        if macro.readsKeywords {
            scope.values["kwargs"] = .dict(try JinjaDict(keywords.map { (.text($0.name), $0.value) }))
        } else if let extra = keywords.first {
            throw JinjaFailure.failed("the macro \(macro.name) does not take the argument \(extra.name) here")
        }
        let rest = arguments.positional.dropFirst(macro.parameters.count)
        if macro.readsPositional {
            scope.values["varargs"] = try .tuple(Array(rest))
        } else if !rest.isEmpty {
            throw JinjaFailure.failed("the macro \(macro.name) takes at most \(macro.parameters.count) arguments")
        }
        try fillDefaults(of: macro, in: scope)
        return try string(try captured { try execute(macro.body.body, in: scope) }.text)
    }

    private func fillDefaults(of macro: JinjaMacro, in scope: JinjaScope) throws {
        for (name, value) in macro.parameters where scope.values[name] == nil {
            scope.values[name] =
                try value.map { try evaluate($0, in: scope) } ?? .undefined("the parameter \(name) was not given")
        }
    }

    // MARK: Functions

    private func call(_ function: JinjaFunction, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch function {
        case .range: return .range(try range(arguments))
        case .dict: return .dict(try JinjaDict(try dictPairs(arguments)))
        case .namespace:
            let namespace = try makeNamespace()
            for (key, value) in try dictPairs(arguments) {
                guard case .string(let name) = key else { throw JinjaFailure.failed("attributes are named by texts") }
                try checkAttributeName(name.text)
                namespace.set(name.text, value)
            }
            return .namespace(namespace)
        case .raiseException:
            let message = try arguments.bound(["message"], required: 1, to: function.rawValue)[0]!
            throw JinjaFailure.refused(try print(message).text)
        case .now:
            guard case .string(let format) = try arguments.bound(["format"], required: 1, to: function.rawValue)[0]!
            else {
                throw JinjaFailure.failed("strftime_now takes a text")
            }
            return .text(try clock.formatted(format.text))
        case .cycler, .joiner, .lipsum: throw JinjaFailure.unsupported("the function \(function.rawValue)")
        }
    }

    private func range(_ arguments: JinjaCallArguments) throws -> JinjaRange {
        guard arguments.keywords.isEmpty, (1...3).contains(arguments.positional.count) else {
            throw JinjaFailure.failed("range takes one to three numbers")
        }
        let bounds = try arguments.positional.map { value in
            if case .undefined(let reason) = value { throw JinjaFailure.failed(reason) }
            guard let bound = value.integer else {
                throw JinjaFailure.failed("range takes whole numbers, not \(value.typeName)")
            }
            return bound
        }
        if bounds.count == 1 { return try JinjaRange(start: 0, stop: bounds[0], step: 1) }
        return try JinjaRange(start: bounds[0], stop: bounds[1], step: bounds.count == 3 ? bounds[2] : 1)
    }

    /// The arguments of `dict()`: a mapping or pairs, and names.
    private func dictPairs(_ arguments: JinjaCallArguments) throws -> [(key: JinjaValue, value: JinjaValue)] {
        guard arguments.positional.count <= 1 else { throw JinjaFailure.failed("dict takes one mapping") }
        var pairs: [(key: JinjaValue, value: JinjaValue)] = []
        switch arguments.positional.first {
        case nil: break
        case .dict(let dict): pairs = dict.pairs
        case let value?:
            for pair in try elements(of: value) {
                let two = try elements(of: pair)
                guard two.count == 2 else { throw JinjaFailure.failed("dict takes pairs") }
                pairs.append((two[0], two[1]))
            }
        }
        return pairs + arguments.keywords.map { (.text($0.name), $0.value) }
    }
}
