/// A cut by a pattern, and what becomes of the matches.
package struct Splitting: Sendable {
    package enum Pattern: Sendable {
        /// GPT-2's expression: contractions, words, numbers, symbols, white space.
        case gpt2
        /// Llama 3's and Qwen 2's expression, with numbers of at most `digits` digits.
        case wordsAndNumbers(digits: Int)
        case text(TextPattern)
        /// Each code point of a kind is a match by itself.
        case each(ScalarKind)
        /// Runs of word characters, and runs of what is neither that nor white space.
        case words
    }

    package enum ScalarKind: Sendable {
        case numeric, punctuation, whitespace
        case only(UInt32)
    }

    package enum Behavior: Sendable {
        case isolated, removed, mergedWithPrevious, mergedWithNext, contiguous
    }

    package var pattern: Pattern
    package var behavior: Behavior
    /// What does not match counts as the match and the other way round.
    package var isInverted: Bool

    package init(_ pattern: Pattern, _ behavior: Behavior, isInverted: Bool = false) {
        self.pattern = pattern
        self.behavior = behavior
        self.isInverted = isInverted
    }

    static let gpt2 = Splitting(.gpt2, .isolated)

    /// Calls `body` with each part that is kept, in order.
    func forEachPart(of text: UTF8Text, _ body: (Range<Int>) -> Void) {
        switch behavior {
        case .isolated: forEachStretch(of: text) { range, _ in body(range) }
        case .removed: forEachStretch(of: text) { range, isMatch in if !isMatch { body(range) } }
        case .mergedWithNext: mergeWithNext(text, body)
        case .mergedWithPrevious, .contiguous: mergeWithPrevious(text, body)
        }
    }

    private func mergeWithNext(_ text: UTF8Text, _ body: (Range<Int>) -> Void) {
        var held: Range<Int>?
        forEachStretch(of: text) { range, isMatch in
            guard isMatch else {
                body((held?.lowerBound ?? range.lowerBound)..<range.upperBound)
                held = nil
                return
            }
            if let held { body(held) }
            held = range
        }
        if let held { body(held) }
    }

    /// Joins a stretch to the one before: a match to what is none, or, when contiguous, any to its like.
    private func mergeWithPrevious(_ text: UTF8Text, _ body: (Range<Int>) -> Void) {
        var pending: Range<Int>?
        var wasMatch = false
        forEachStretch(of: text) { range, isMatch in
            let joins = behavior == .contiguous ? isMatch == wasMatch : isMatch && !wasMatch
            if joins, let start = pending?.lowerBound {
                pending = start..<range.upperBound
            } else {
                if let pending { body(pending) }
                pending = range
            }
            wasMatch = isMatch
        }
        if let pending { body(pending) }
    }

    /// Calls `body` with matches and the stretches between them, never empty, together the whole text.
    private func forEachStretch(of text: UTF8Text, _ body: (Range<Int>, _ isMatch: Bool) -> Void) {
        switch pattern {
        case .gpt2: tile(text, GPT2Splitter.endOfPiece, body)
        case .wordsAndNumbers(let digits):
            tile(text, WordNumberSplitter(mostDigits: digits).endOfPiece, body)
        case .text(let pattern):
            var position = 0
            pattern.forEachMatch(in: text) { match in
                if position < match.lowerBound { body(position..<match.lowerBound, isInverted) }
                body(match, !isInverted)
                position = match.upperBound
            }
            if position < text.count { body(position..<text.count, isInverted) }
        case .each(let kind): forEachOfKind(kind, text, body)
        case .words: forEachWord(text, body)
        }
    }

    /// Matches that follow one another without a gap.
    @inline(__always)
    private func tile(
        _ text: UTF8Text, _ endOfPiece: (UTF8Text, Int, Int) -> Int, _ body: (Range<Int>, Bool) -> Void
    ) {
        var position = 0
        while position < text.count {
            let end = endOfPiece(text, position, text.count)
            precondition(end > position, "a pre-token must take at least one character")
            body(position..<end, !isInverted)
            position = end
        }
    }

    private func forEachOfKind(_ kind: ScalarKind, _ text: UTF8Text, _ body: (Range<Int>, Bool) -> Void) {
        var start = 0
        var position = 0
        while position < text.count {
            let (value, next) = text.codePoint(at: position)
            if kind.contains(value) {
                if start < position { body(start..<position, isInverted) }
                body(position..<next, !isInverted)
                start = next
            }
            position = next
        }
        if start < text.count { body(start..<text.count, isInverted) }
    }

    private func forEachWord(_ text: UTF8Text, _ body: (Range<Int>, Bool) -> Void) {
        enum Kind { case word, space, other }
        func kind(_ value: UInt32) -> Kind {
            UnicodeData.isPartOfWord(value) ? .word : UnicodeData.isWhitespace(value) ? .space : .other
        }
        var position = 0
        while position < text.count {
            let start = position
            let found = kind(text.codePoint(at: start).value)
            while position < text.count, kind(text.codePoint(at: position).value) == found {
                position = text.next(after: position)
            }
            body(start..<position, (found != .space) != isInverted)
        }
    }
}

extension Splitting.ScalarKind {
    @inline(__always)
    func contains(_ codePoint: UInt32) -> Bool {
        switch self {
        case .numeric: UnicodeData.isNumeric(codePoint)
        case .punctuation: UnicodeData.isPunctuation(codePoint)
        case .whitespace: UnicodeData.isWhitespace(codePoint)
        case .only(let wanted): codePoint == wanted
        }
    }
}
