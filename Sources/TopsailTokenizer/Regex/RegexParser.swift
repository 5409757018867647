/// Reads regular expressions in Oniguruma's syntax, as far as tokenizers use it.
///
/// Known: literals and escapes, classes with ranges, nesting and `&&`, `\s \d \w` and `\p{…}` of general categories,
/// groups, `(?i:…)`, looks ahead, looks behind of fixed width, atomic groups, anchors, greedy, lazy and possessive
/// repeats. Back references, named groups and other properties are refused by name.
struct RegexParser {
    let scalars: [Unicode.Scalar]
    var position = 0
    var isCaseless = false
    static let deepest = 32

    /// - Throws: `RegexSyntaxError`.
    static func parse(_ pattern: String) throws(RegexSyntaxError) -> RegexNode {
        guard pattern.utf8.count <= 1 << 16 else { throw RegexSyntaxError(problem: "an expression of over 64 KiB") }
        var parser = RegexParser(scalars: Array(pattern.unicodeScalars))
        let node = try parser.parseChoice(depth: 0)
        guard parser.position == parser.scalars.count else { throw RegexSyntaxError(problem: "a ) too many") }
        return node
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    // MARK: Structure

    private mutating func parseChoice(depth: Int) throws(RegexSyntaxError) -> RegexNode {
        guard depth < Self.deepest else { throw RegexSyntaxError(problem: "nesting deeper than \(Self.deepest)") }
        var branches = [try parseSequence(depth: depth)]
        while take("|") { branches.append(try parseSequence(depth: depth)) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func parseSequence(depth: Int) throws(RegexSyntaxError) -> RegexNode {
        var parts: [RegexNode] = []
        // An option like (?i) holds up to the end of the group it stands in.
        let outer = isCaseless
        defer { isCaseless = outer }
        while let next = peek(), next != "|", next != ")" {
            guard let atom = try parseAtom(depth: depth) else { continue }
            parts.append(try parseRepeats(of: atom))
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func parseAtom(depth: Int) throws(RegexSyntaxError) -> RegexNode? {
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "(": return try parseGroup(depth: depth)
        case "[": return .set(ScalarSet(try parseClass(depth: depth + 1)))
        case ".": return .set(ScalarSet(.complement(.range(0x0A...0x0A))))
        case "^": return .anchor(.startOfLine)
        case "$": return .anchor(.endOfLine)
        case "\\": return try parseEscape()
        case "*", "+", "?": throw RegexSyntaxError(problem: "a \(scalar) with nothing before it")
        default: return literal(scalar.value)
        }
    }

    private mutating func parseGroup(depth: Int) throws(RegexSyntaxError) -> RegexNode? {
        let outer = isCaseless
        var wrap: (RegexNode) -> RegexNode = { $0 }
        if take("?") {
            if take(":") {
            } else if take("=") {
                wrap = { .look($0, ahead: true, negated: false) }
            } else if take("!") {
                wrap = { .look($0, ahead: true, negated: true) }
            } else if take(">") {
                wrap = { .atomic($0) }
            } else if take("<=") {
                wrap = { .look($0, ahead: false, negated: false) }
            } else if take("<!") {
                wrap = { .look($0, ahead: false, negated: true) }
            } else if take("i:") {
                isCaseless = true
            } else if take("i)") {
                isCaseless = true
                return nil
            } else {
                throw RegexSyntaxError(problem: "the group (?\(peek().map(String.init) ?? "")")
            }
        }
        let inner = try parseChoice(depth: depth + 1)
        isCaseless = outer
        guard take(")") else { throw RegexSyntaxError(problem: "a group that is not closed") }
        let node = wrap(inner)
        if case .look(let inner, ahead: false, _) = node, inner.fixedWidth == nil {
            throw RegexSyntaxError(problem: "a look behind of varying width")
        }
        return node
    }

    // MARK: Repeats

    private mutating func parseRepeats(of atom: RegexNode) throws(RegexSyntaxError) -> RegexNode {
        var node = atom
        var count = 0
        while let (least, most, isInterval) = try parseQuantifier() {
            count += 1
            guard count <= 4 else { throw RegexSyntaxError(problem: "more than four repeats of one thing") }
            var mode = RegexNode.RepeatMode.greedy
            if take("?") {
                mode = .lazy
            } else if !isInterval, take("+") {
                // After an interval a plus repeats once more, in Oniguruma as in Ruby.
                mode = .possessive
            }
            if most == nil, node.leastWidth == 0 {
                throw RegexSyntaxError(problem: "an unlimited repeat of what may be empty")
            }
            node = .repeated(node, least: least, most: most, mode)
        }
        return node
    }

    private mutating func parseQuantifier() throws(RegexSyntaxError) -> (Int, Int?, isInterval: Bool)? {
        if take("*") { return (0, nil, false) }
        if take("+") { return (1, nil, false) }
        if take("?") { return (0, 1, false) }
        guard peek() == "{" else { return nil }
        let start = position
        position += 1
        let least = parseInteger()
        var most = least
        if take(",") { most = parseInteger() }
        guard take("}"), least != nil || most != nil else {
            // A brace that is no interval is a brace.
            position = start
            return nil
        }
        let wasOpen = scalars[position - 2] == ","
        guard least ?? 0 <= 1000, most ?? 0 <= 1000, least ?? 0 <= most ?? 1000 else {
            throw RegexSyntaxError(problem: "an interval outside 0 to 1000")
        }
        return (least ?? 0, wasOpen ? nil : most, true)
    }

    private mutating func parseInteger() -> Int? {
        var value: Int?
        while let digit = peek(), ("0"..."9").contains(digit), value ?? 0 < 1 << 30 {
            value = (value ?? 0) * 10 + Int(digit.value - 48)
            position += 1
        }
        return value
    }

    // MARK: Reading

    func peek() -> Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func take(_ expected: String) -> Bool {
        let expected = expected.unicodeScalars
        guard scalars[position...].starts(with: expected) else { return false }
        position += expected.count
        return true
    }
}
