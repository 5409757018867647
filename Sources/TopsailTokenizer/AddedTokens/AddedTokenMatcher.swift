import TopsailCore

/// Finds added tokens in text: leftmost first, of those that start together the longest.
package struct AddedTokenMatcher: Sendable {
    /// A stretch of the text.
    package enum Segment {
        /// Text without added tokens; never empty.
        case text(UTF8Text)
        case token(TokenID)
    }

    private let tokens: [AddedToken]
    private let trie: ByteTrie

    package init(_ tokens: [AddedToken]) {
        let tokens = tokens.filter { !$0.text.isEmpty }
        self.tokens = tokens
        var trie = ByteTrie()
        for (index, token) in tokens.enumerated() { trie.insert(token.text.utf8, value: Int32(index)) }
        self.trie = trie
    }

    /// Calls `body` with the added tokens and the stretches between them, in order.
    ///
    /// - Parameter parseSpecial: Otherwise the spelling of a special token is ordinary text, and so is all it contains.
    package func split(_ input: UTF8Text, parseSpecial: Bool, _ body: (Segment) -> Void) {
        let end = input.bytes.count
        var start = 0
        var position = 0
        while let match = trie.firstMatch(in: input.bytes, from: position) {
            let token = tokens[Int(match.value)]
            var range = match.range
            position = range.upperBound
            guard parseSpecial || !token.isSpecial, !token.isSingleWord || input.standsAlone(range) else { continue }
            if token.stripsLeft { range = max(start, input.startOfWhitespace(before: range.lowerBound))..<position }
            if token.stripsRight { position = input.endOfRun(.whitespace, from: position, to: end) }
            if start < range.lowerBound { body(.text(input[start..<range.lowerBound])) }
            body(.token(token.id))
            start = position
        }
        if start < end { body(.text(input[start..<end])) }
    }
}

extension UTF8Text {
    fileprivate subscript(range: Range<Int>) -> UTF8Text {
        UTF8Text(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }

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
        let after = range.upperBound < bytes.count && isPartOfWord(at: range.upperBound)
        return !before && !after
    }

    /// `\w`: alphabetic, mark, decimal digit, connector punctuation or join control.
    private func isPartOfWord(at position: Int) -> Bool {
        guard let scalar = Unicode.Scalar(codePoint(at: position).value) else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return scalar.properties.isAlphabetic || scalar.properties.isJoinControl
        }
    }
}
