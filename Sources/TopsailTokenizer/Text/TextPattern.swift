/// What `tokenizers` calls a pattern: text as it stands, or a regular expression.
package enum TextPattern: Sendable {
    /// Never empty.
    case literal([UInt8])
    case expression(RegularExpression)

    /// Calls `body` with each match, leftmost first, none overlapping.
    func forEachMatch(in text: UTF8Text, _ body: (Range<Int>) -> Void) {
        switch self {
        case .expression(let expression): expression.forEachMatch(in: text, body)
        case .literal(let literal):
            var position = 0
            while position + literal.count <= text.count {
                if text.bytes[position] == literal[0], text.has(literal, at: position) {
                    body(position..<position + literal.count)
                    position += literal.count
                } else {
                    position += 1
                }
            }
        }
    }

    /// The text with each match replaced, and whether something at its start went without replacement.
    func replaced(in text: UTF8Text, by content: [UInt8]) -> (bytes: [UInt8], dropsStart: Bool) {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 4)
        var position = 0
        var dropsStart = false
        forEachMatch(in: text) { match in
            output.append(contentsOf: text.bytes[position..<match.lowerBound])
            output.append(contentsOf: content)
            if match.lowerBound == 0, content.isEmpty { dropsStart = true }
            position = match.upperBound
        }
        output.append(contentsOf: text.bytes[position...])
        return (output, dropsStart)
    }
}
