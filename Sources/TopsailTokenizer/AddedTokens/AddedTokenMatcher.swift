import TopsailCore

/// Finds added tokens in text: leftmost first, of those that start together the longest.
package struct AddedTokenMatcher: Sendable {
    /// A stretch of the text.
    package enum Segment {
        /// Text without added tokens; never empty. `isFirst` when it stands at the start.
        case text(UTF8Text, isFirst: Bool)
        case token(TokenID)
    }

    private let tokens: [AddedToken]
    private let trie: ByteTrie

    /// - Parameter key: What is looked for.
    package init(_ tokens: [AddedToken], key: (AddedToken) -> [UInt8] = { Array($0.text.utf8) }) {
        var trie = ByteTrie()
        for (index, token) in tokens.enumerated() { trie.insert(key(token), value: Int32(index)) }
        self.tokens = tokens
        self.trie = trie
    }

    /// Calls `body` with the added tokens and the stretches between them, in order.
    ///
    /// Stripping takes white space out of the text, but not out of the search, as in the reference.
    ///
    /// - Parameter parseSpecial: Otherwise the spelling of a special token is ordinary text, and so is all it contains.
    package func split(_ input: UTF8Text, parseSpecial: Bool, _ body: (Segment) -> Void) {
        let end = input.count
        var start = 0
        var position = 0
        while let match = trie.firstMatch(in: input, from: position) {
            let token = tokens[Int(match.value)]
            position = match.range.upperBound
            guard parseSpecial || !token.isSpecial, !token.isSingleWord || input.standsAlone(match.range) else {
                continue
            }
            var lower = match.range.lowerBound
            var upper = match.range.upperBound
            if token.stripsLeft { lower = max(start, input.startOfWhitespace(before: lower)) }
            if token.stripsRight { upper = input.endOfRun(.whitespace, from: upper, to: end) }
            if start < lower { body(.text(input[start..<lower], isFirst: start == 0)) }
            // One whose white space has gone to the token before is none, as in the reference.
            if lower < upper { body(.token(token.id)) }
            start = max(lower, upper)
        }
        if start < end { body(.text(input[start..<end], isFirst: start == 0)) }
    }
}

extension UTF8Text {
    fileprivate func startOfWhitespace(before position: Int) -> Int {
        var position = position
        while position > 0 {
            let previous = start(before: position)
            guard scalarClass(at: previous).class == .whitespace else { break }
            position = previous
        }
        return position
    }

    /// Whether neither neighbour of a range is part of a word.
    fileprivate func standsAlone(_ range: Range<Int>) -> Bool {
        let before = range.lowerBound > 0 && isPartOfWord(at: start(before: range.lowerBound))
        let after = range.upperBound < count && isPartOfWord(at: range.upperBound)
        return !before && !after
    }

    private func isPartOfWord(at position: Int) -> Bool { UnicodeData.isPartOfWord(codePoint(at: position).value) }
}
