/// What goes wrong inside a template; the line is added where the line is known.
enum JinjaFailure: Error {
    /// The template is not well formed.
    case syntax(line: Int, String)
    /// An operation that Python or Jinja refuses.
    case failed(String)
    /// Something that Jinja has and this interpreter has not.
    case unsupported(String)
    /// The template asked for more than it may have.
    case limit(String)
    /// `raise_exception` with the template's own words.
    case refused(String)
}

/// Bounds on what a template may use, so that a hostile one ends with an error.
enum JinjaLimits {
    /// Nesting of expressions and statements in the source.
    static let sourceDepth = 50
    /// Height of a parsed expression; a chain of operators is as high as it is long.
    static let expressionHeight = 120
    /// Nesting at run time, macros included.
    static let runDepth = 140
    /// Operations, weighted by the size of what they touch.
    static let steps = 4_000_000
    /// Code points in a text, the output included.
    static let textLength = 8_000_000
    /// Values in a value, counted as often as they are printed.
    static let weight = 2_000_000
    /// Nesting of lists, tuples and mappings.
    static let valueDepth = 50
    /// Numbers in a `range`, as in Jinja's sandbox.
    static let rangeLength = 100_000
    static let sourceLength = 4_000_000
}
