/// A filter of words in fzf's manner: all must match; `'exact`, `^start`, `end$`, `!not`, and `a | b` for either.
///
/// A word with an upper-case letter asks for the exact case, others do not.
public struct FuzzyFilter: Sendable, Hashable {
    public struct Match: Sendable, Hashable {
        /// Higher is better; comparable within one filter only.
        public var score: Int
        /// Offsets of the matched characters, rising.
        public var positions: [Int]
    }

    /// Each group must match; a group matches when one of its terms does.
    private let groups: [[Term]]

    public init(_ query: String) {
        var groups: [[Term]] = []
        var joins = false
        for word in query.split(separator: " ") {
            if word == "|" {
                joins = !groups.isEmpty
                continue
            }
            guard let term = Term(word) else { continue }
            if joins { groups[groups.count - 1].append(term) } else { groups.append([term]) }
            joins = false
        }
        self.groups = groups
    }

    /// Whether everything matches.
    public var isEmpty: Bool { groups.isEmpty }

    /// How a text matches; `nil` when it does not.
    public func match(_ text: String) -> Match? {
        let exact = Array(text)
        let folded = exact.map(\.folded)
        var score = 0
        var positions: Set<Int> = []
        for group in groups {
            let matches = group.compactMap { $0.match(exact: exact, folded: folded) }
            guard let best = matches.max(by: { $0.score < $1.score }) else { return nil }
            score += best.score
            positions.formUnion(best.positions)
        }
        return Match(score: score, positions: positions.sorted())
    }

    /// The indices of the texts that match, best first; equals keep their order. All of them for an empty filter.
    public func rank(_ texts: [String]) -> [(index: Int, match: Match)] {
        let found = texts.enumerated().compactMap { index, text in match(text).map { (index: index, match: $0) } }
        guard !isEmpty else { return found }
        return found.sorted { ($1.match.score, $0.index) < ($0.match.score, $1.index) }
    }
}

extension Character {
    fileprivate var folded: Character {
        let lower = lowercased()
        return lower.count == 1 ? lower.first! : self
    }
}

extension FuzzyFilter {
    /// One word of the query.
    private struct Term: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            case fuzzy, exact, start, end, whole
        }

        let characters: [Character]
        let kind: Kind
        let isNegated: Bool
        let isCaseSensitive: Bool

        init?(_ word: Substring) {
            var rest = word
            isNegated = rest.first == "!"
            if isNegated { rest.removeFirst() }
            // What is excluded is meant literally: fuzzily, almost everything contains everything.
            var kind: Kind = isNegated ? .exact : .fuzzy
            if rest.first == "'" {
                rest.removeFirst()
                kind = .exact
            }
            if rest.first == "^" {
                rest.removeFirst()
                kind = .start
            }
            if rest.last == "$" {
                rest.removeLast()
                kind = kind == .start ? .whole : .end
            }
            guard !rest.isEmpty else { return nil }
            self.kind = kind
            isCaseSensitive = rest.contains { $0.isUppercase }
            characters = isCaseSensitive ? Array(rest) : rest.map(\.folded)
        }

        func match(exact: [Character], folded: [Character]) -> Match? {
            let text = isCaseSensitive ? exact : folded
            let positions = self.positions(in: text)
            if isNegated { return positions == nil ? Match(score: 0, positions: []) : nil }
            return positions.map { Match(score: score($0, in: exact), positions: $0) }
        }

        private func positions(in text: [Character]) -> [Int]? {
            let last = text.count - characters.count
            guard last >= 0 else { return nil }
            switch kind {
            case .fuzzy: return closest(in: text)
            case .exact:
                return (0...last).first { text[$0..<$0 + characters.count].elementsEqual(characters) }
                    .map { Array($0..<$0 + characters.count) }
            case .start: return text.starts(with: characters) ? Array(characters.indices) : nil
            case .end: return text[last...].elementsEqual(characters) ? Array(last..<text.count) : nil
            case .whole: return text == characters ? Array(text.indices) : nil
            }
        }

        /// The first place where all characters follow in order, then drawn together from its end backwards.
        private func closest(in text: [Character]) -> [Int]? {
            var wanted = 0
            var end = -1
            for (index, character) in text.enumerated()
            where wanted < characters.count && character == characters[wanted] {
                wanted += 1
                end = index
            }
            guard wanted == characters.count else { return nil }
            var positions: [Int] = []
            var index = end
            for character in characters.reversed() {
                while text[index] != character { index -= 1 }
                positions.append(index)
                index -= 1
            }
            return positions.reversed()
        }

        /// Runs and starts of words count most; a short text and an early match break ties.
        private func score(_ positions: [Int], in text: [Character]) -> Int {
            var score = 0
            for (offset, place) in positions.enumerated() {
                score += 16
                if offset > 0, positions[offset - 1] == place - 1 { score += 12 }
                let before = place > 0 ? text[place - 1] : " "
                if !before.isLetter && !before.isNumber || text[place].isUppercase && before.isLowercase { score += 10 }
            }
            return score * 8 - min(63, positions.first ?? 0) - min(63, text.count / 4)
        }
    }
}
