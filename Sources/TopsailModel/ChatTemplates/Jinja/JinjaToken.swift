/// A piece of a template.
struct JinjaToken: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case data(PythonString)
        case variableBegin, variableEnd, blockBegin, blockEnd
        case name(String)
        case string(PythonString)
        case integer(Int)
        case float(Double)
        /// An operator or a bracket.
        case op(String)
        case end
    }

    var kind: Kind
    var line: Int

    /// How an error message calls it.
    var summary: String {
        switch kind {
        case .data: "text"
        case .variableBegin: "{{"
        case .variableEnd: "}}"
        case .blockBegin: "{%"
        case .blockEnd: "%}"
        case .name(let name): name
        case .string: "a string"
        case .integer(let value): "\(value)"
        case .float(let value): "\(value)"
        case .op(let text): text
        case .end: "the end of the template"
        }
    }
}
