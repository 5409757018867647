import TopsailCore

/// The unigram language model: of all ways to write a text in pieces, the one of highest total score.
///
/// Source: `Unigram::encode_optimized` in `tokenizers`, after SentencePiece's `unigram_model.cc`.
package struct UnigramModel: Sendable {
    package let vocabulary: Vocabulary
    /// Log probabilities by id.
    private let scores: [Double]
    private let trie: ByteTrie
    /// What stands for text that no piece covers; `nil` leaves it out.
    private let unknown: TokenID?
    private let unknownScore: Double
    private let byteTokens: ByteTokens?
    /// SentencePiece computes in single precision, which decides between ways of nearly equal score.
    private let isSinglePrecision: Bool

    /// How much less than the worst piece an unknown code point scores.
    private static let unknownPenalty = 10.0

    /// - Parameters:
    ///   - scores: One for each id.
    ///   - isMatched: Whether an entry is found in text; all are in `tokenizers`, not so in SentencePiece.
    ///   - byteTokens: What an unknown stretch becomes instead, if all its bytes have tokens.
    package init(
        vocabulary: Vocabulary, scores: [Double], unknown: TokenID?, byteTokens: ByteTokens?,
        isSinglePrecision: Bool = false, isMatched: (TokenID) -> Bool = { _ in true }
    ) {
        precondition(scores.count == vocabulary.count, "\(scores.count) scores for \(vocabulary.count) entries")
        var trie = ByteTrie()
        var lowest = Double.infinity
        vocabulary.forEachPiece { id, piece in
            guard isMatched(id) else { return }
            trie.insert(piece.bytes, value: id)
            lowest = min(lowest, scores[Int(id)])
        }
        self.vocabulary = vocabulary
        self.scores = scores
        self.trie = trie
        self.unknown = unknown
        self.byteTokens = byteTokens
        self.isSinglePrecision = isSinglePrecision
        unknownScore = lowest - Self.unknownPenalty
    }

    /// Appends the tokens of a pre-token.
    ///
    /// - Complexity: O(n) in the bytes of the text, times the length of the longest piece.
    func append(_ text: UTF8Text, scratch: inout [Step], to output: inout [TokenID]) {
        findBestPath(text, &scratch)
        // The stretches of the best path are met from its end.
        var ranges: [Range<Int>] = []
        var end = text.count
        var wasUnknown = false
        while end > 0 {
            let step = scratch[end]
            let isUnknown = step.token == nil
            if isUnknown, wasUnknown, let last = ranges.popLast() {
                ranges.append(step.start..<last.upperBound)
            } else {
                ranges.append(step.start..<end)
            }
            wasUnknown = isUnknown
            end = step.start
        }
        for range in ranges.reversed() { append(stretch: text[range], to: &output) }
    }

    private func append(stretch: UTF8Text, to output: inout [TokenID]) {
        if let piece = vocabulary.piece(stretch) {
            output.append(piece)
        } else if let bytes = byteTokens?.tokens(of: stretch.bytes) {
            output.append(contentsOf: bytes)
        } else if let unknown {
            output.append(unknown)
        }
    }

    /// The best way to reach a position.
    struct Step {
        var score = 0.0
        /// Where its last stretch starts; -1 while there is no way.
        var start = -1
        /// `nil` for an unknown code point.
        var token: TokenID?
    }

    private func findBestPath(_ text: UTF8Text, _ steps: inout [Step]) {
        steps.removeAll(keepingCapacity: true)
        steps.append(contentsOf: repeatElement(Step(), count: text.count + 1))
        var start = 0
        while start < text.count {
            let next = text.next(after: start)
            let scoreHere = steps[start].score
            var isCovered = false
            trie.forEachMatch(in: text, at: start) { end, id in
                improve(&steps[end], scoreHere, scores[Int(id)], start, id == unknown ? nil : id)
                if end == next { isCovered = true }
            }
            if !isCovered { improve(&steps[next], scoreHere, unknownScore, start, nil) }
            start = next
        }
    }

    @inline(__always)
    private func improve(_ step: inout Step, _ scoreHere: Double, _ score: Double, _ start: Int, _ token: TokenID?) {
        let sum = isSinglePrecision ? Double(Float(score) + Float(scoreHere)) : score + scoreHere
        guard step.start < 0 || sum > step.score else { return }
        step = Step(score: sum, start: start, token: token)
    }
}
