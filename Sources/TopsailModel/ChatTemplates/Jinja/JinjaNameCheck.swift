/// Refuses filters and tests that do not exist before a template runs.
///
/// As in Jinja, those in the branches of a condition are refused only when they are reached. Filters that Jinja has and
/// this interpreter has not are refused when they are reached, too.
enum JinjaNameCheck {
    static func check(_ body: [JinjaStatement]) throws { try check(body, isConditional: false) }

    private static func check(_ body: [JinjaStatement], isConditional: Bool) throws {
        for statement in body { try check(statement, isConditional) }
    }

    private static func check(_ statement: JinjaStatement, _ isConditional: Bool) throws {
        switch statement.kind {
        case .text, .exit: break
        case .output(let values): for value in values { try check(value, isConditional) }
        case .set(_, let value): try check(value, isConditional)
        case .setBlock(_, let filter, let block):
            if let filter { try check(filter, false) }
            try check(block.body, isConditional: false)
        case .branch(let cases, let otherwise):
            for (test, body) in cases {
                try check(test, true)
                try check(body, isConditional: true)
            }
            try check(otherwise, isConditional: true)
        case .loop(let loop):
            try check(loop.iterable, isConditional)
            if let test = loop.test { try check(test, false) }
            try check(loop.body.body, isConditional: false)
            try check(loop.otherwise.body, isConditional: false)
        case .with(let values, let block):
            for (_, value) in values { try check(value, isConditional) }
            try check(block.body, isConditional: false)
        case .macro(let macro): try check(macro)
        case .callBlock(let macro, let call):
            try check(macro)
            try check(call, isConditional)
        case .filterBlock(let filter, let block):
            try check(filter, false)
            try check(block.body, isConditional: false)
        case .generation(let block): try check(block.body, isConditional: false)
        }
    }

    private static func check(_ macro: JinjaMacro) throws {
        for (_, value) in macro.parameters { if let value { try check(value, false) } }
        try check(macro.body.body, isConditional: false)
    }

    private static func check(_ expression: JinjaExpression, _ isConditional: Bool) throws {
        var isConditional = isConditional
        switch expression.kind {
        case .filter(_, let name, _) where !isConditional && !JinjaNames.filters.contains(name):
            throw JinjaFailure.syntax(line: expression.line, "there is no filter \(name)")
        case .test(_, let name, _) where !isConditional && !JinjaNames.isTest(name):
            throw JinjaFailure.syntax(line: expression.line, "there is no test \(name)")
        case .conditional: isConditional = true
        default: break
        }
        for child in expression.kind.children { try check(child, isConditional) }
    }
}
