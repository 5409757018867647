/// A regular expression as parsed.
indirect enum RegexNode: Sendable {
    case empty
    case set(ScalarSet)
    case sequence([RegexNode])
    case choice([RegexNode])
    case repeated(RegexNode, least: Int, most: Int?, RepeatMode)
    /// A look to either side that takes nothing.
    case look(RegexNode, ahead: Bool, negated: Bool)
    case atomic(RegexNode)
    case anchor(Anchor)

    enum RepeatMode: Sendable { case greedy, lazy, possessive }

    enum Anchor: Sendable { case startOfText, endOfText, startOfLine, endOfLine, wordBoundary, noWordBoundary }

    /// The fewest code points that a match takes.
    var leastWidth: Int {
        switch self {
        case .empty, .look, .anchor: 0
        case .set: 1
        case .sequence(let parts): parts.reduce(0) { Swift.min(1 << 20, $0 + $1.leastWidth) }
        case .choice(let parts): parts.map(\.leastWidth).min() ?? 0
        case .repeated(let inner, let least, _, _): Swift.min(1 << 20, inner.leastWidth * least)
        case .atomic(let inner): inner.leastWidth
        }
    }

    /// How many code points every match takes; `nil` when they differ.
    var fixedWidth: Int? {
        switch self {
        case .empty, .look, .anchor: return 0
        case .set: return 1
        case .sequence(let parts):
            var sum = 0
            for part in parts {
                guard let width = part.fixedWidth, sum < 1 << 20 else { return nil }
                sum += width
            }
            return sum
        case .choice(let parts):
            let widths = parts.map(\.fixedWidth)
            return widths.allSatisfy { $0 == widths[0] } ? widths[0] : nil
        case .repeated(let inner, let least, let most, _):
            guard least == most, let width = inner.fixedWidth, width < 1 << 10, least < 1 << 10 else { return nil }
            return width * least
        case .atomic(let inner): return inner.fixedWidth
        }
    }
}

/// Why an expression is not read: a construct by name, or a mistake.
package struct RegexSyntaxError: Error, Hashable {
    package var problem: String
}
