/// Single code points, escapes and classes.
extension RegexParser {
    func literal(_ codePoint: UInt32) -> RegexNode {
        let node = ScalarSet.Node.range(codePoint...codePoint)
        return .set(ScalarSet(isCaseless ? .caseless(node) : node))
    }

    mutating func parseEscape() throws(RegexSyntaxError) -> RegexNode {
        switch peek() {
        case "A": return anchor(.startOfText)
        case "z": return anchor(.endOfText)
        case "b": return anchor(.wordBoundary)
        case "B": return anchor(.noWordBoundary)
        default:
            let node = try parseEscapedSet()
            if case .range(let range) = node, range.count == 1 { return literal(range.lowerBound) }
            return .set(ScalarSet(node))
        }
    }

    private mutating func anchor(_ anchor: RegexNode.Anchor) -> RegexNode {
        position += 1
        return .anchor(anchor)
    }

    /// What a backslash and the following stand for, inside a class and outside.
    private mutating func parseEscapedSet() throws(RegexSyntaxError) -> ScalarSet.Node {
        guard let scalar = peek() else { throw RegexSyntaxError(problem: "a backslash at the end") }
        position += 1
        switch scalar {
        case "n": return single(0x0A)
        case "r": return single(0x0D)
        case "t": return single(0x09)
        case "f": return single(0x0C)
        case "v": return single(0x0B)
        case "a": return single(0x07)
        case "e": return single(0x1B)
        case "s": return .whitespace
        case "S": return .complement(.whitespace)
        case "w": return .word
        case "W": return .complement(.word)
        case "d": return .categories(Unicode.GeneralCategory.mask(named: "Nd") ?? 0)
        case "D": return .complement(.categories(Unicode.GeneralCategory.mask(named: "Nd") ?? 0))
        case "p": return try parseProperty(isNegated: false)
        case "P": return try parseProperty(isNegated: true)
        case "u": return single(try parseHexadecimal(digits: 4))
        case "x": return single(try take("{") ? parseBracedHexadecimal() : parseHexadecimal(digits: 2))
        case "a"..."z", "A"..."Z", "0"..."9": throw RegexSyntaxError(problem: "the escape \\\(scalar)")
        default: return single(scalar.value)
        }
    }

    private func single(_ codePoint: UInt32) -> ScalarSet.Node { .range(codePoint...codePoint) }

    private mutating func parseProperty(isNegated: Bool) throws(RegexSyntaxError) -> ScalarSet.Node {
        var name = ""
        if take("{") {
            while let next = peek(), next != "}", name.utf8.count < 32 {
                name.unicodeScalars.append(next)
                position += 1
            }
            guard take("}") else { throw RegexSyntaxError(problem: "a property without a closing brace") }
        } else if let next = peek() {
            name = String(next)
            position += 1
        }
        let isInverted = name.hasPrefix("^")
        if isInverted { name.removeFirst() }
        let node: ScalarSet.Node
        switch name {
        case "Han": node = .han
        case "White_Space", "Space": node = .whitespace
        default:
            guard let mask = Unicode.GeneralCategory.mask(named: name) else {
                throw RegexSyntaxError(problem: "the property \\p{\(name)}")
            }
            node = .categories(mask)
        }
        return isNegated != isInverted ? .complement(node) : node
    }

    private mutating func parseHexadecimal(digits: Int) throws(RegexSyntaxError) -> UInt32 {
        guard position + digits <= scalars.count else { throw RegexSyntaxError(problem: "an escape that is cut off") }
        let text = String(String.UnicodeScalarView(scalars[position..<position + digits]))
        guard let value = UInt32(text, radix: 16) else { throw RegexSyntaxError(problem: "an escape of no number") }
        position += digits
        return value
    }

    private mutating func parseBracedHexadecimal() throws(RegexSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        var count = 0
        while let digit = peek(), let digitValue = Character(digit).hexDigitValue, count < 8 {
            value = value << 4 | UInt32(digitValue)
            position += 1
            count += 1
        }
        guard count > 0, value < 0x110000, take("}") else { throw RegexSyntaxError(problem: "an escape of no number") }
        return value
    }

    // MARK: Classes

    /// A class, after its opening bracket.
    mutating func parseClass(depth: Int) throws(RegexSyntaxError) -> ScalarSet.Node {
        guard depth < Self.deepest else { throw RegexSyntaxError(problem: "nesting deeper than \(Self.deepest)") }
        let isNegated = take("^")
        var alternatives: [ScalarSet.Node] = []
        var intersected: [ScalarSet.Node] = []
        var isFirst = true
        while let next = peek(), next != "]" || isFirst {
            isFirst = false
            if take("&&") {
                intersected.append(.union(alternatives))
                alternatives = []
            } else {
                alternatives.append(try parseClassItem(depth: depth))
            }
        }
        guard take("]") else { throw RegexSyntaxError(problem: "a class that is not closed") }
        var node = Self.merged(alternatives)
        if !intersected.isEmpty { node = .intersection(intersected + [node]) }
        if isCaseless { node = .caseless(node) }
        return isNegated ? .complement(node) : node
    }

    private mutating func parseClassItem(depth: Int) throws(RegexSyntaxError) -> ScalarSet.Node {
        let first = try parseClassScalar(depth: depth)
        guard case .range(let low) = first, low.count == 1, peek() == "-", position + 1 < scalars.count,
            scalars[position + 1] != "]"
        else { return first }
        position += 1
        guard case .range(let high) = try parseClassScalar(depth: depth), low.lowerBound <= high.lowerBound else {
            throw RegexSyntaxError(problem: "a range of a class that runs backwards")
        }
        return .range(low.lowerBound...high.lowerBound)
    }

    private mutating func parseClassScalar(depth: Int) throws(RegexSyntaxError) -> ScalarSet.Node {
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "\\": return try parseEscapedSet()
        case "[":
            guard peek() != ":" else { throw RegexSyntaxError(problem: "a class by name, [:…:]") }
            return try parseClass(depth: depth + 1)
        default: return single(scalar.value)
        }
    }

    /// A union with all categories in one, so that a code point's is looked up once.
    private static func merged(_ nodes: [ScalarSet.Node]) -> ScalarSet.Node {
        var mask: UInt32 = 0
        var others: [ScalarSet.Node] = []
        for node in nodes {
            if case .categories(let bits) = node { mask |= bits } else { others.append(node) }
        }
        if mask != 0 { others.append(.categories(mask)) }
        return others.count == 1 ? others[0] : .union(others)
    }
}
