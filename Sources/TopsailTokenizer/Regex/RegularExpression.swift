/// A regular expression over UTF-8 with the answers of Oniguruma, which the reference uses.
///
/// Foundation's engine, ICU's, has another white space, other classes and an older or newer Unicode, and wants UTF-16.
package struct RegularExpression: Sendable {
    package let pattern: String
    private let program: RegexProgram

    /// - Throws: `RegexSyntaxError` for constructs that are not known and for expressions that match the empty text,
    ///   which split nothing.
    package init(_ pattern: String) throws(RegexSyntaxError) {
        let node = try RegexParser.parse(pattern)
        guard node.leastWidth > 0 else { throw RegexSyntaxError(problem: "an expression that matches the empty text") }
        self.pattern = pattern
        program = try RegexProgram(node)
    }

    /// Calls `body` with each match, leftmost first, none overlapping.
    func forEachMatch(in text: UTF8Text, _ body: (Range<Int>) -> Void) {
        var matcher = RegexMatcher(program, text: text)
        var position = 0
        while position < text.count {
            if let end = matcher.endOfMatch(at: position) {
                body(position..<end)
                position = end
            } else {
                position = text.next(after: position)
            }
        }
    }
}
