/// Cuts text into pre-tokens, the stretches that merging never crosses.
///
/// A list of steps as data: each cuts every piece the one before has left, and looks no further than that piece.
package struct PreTokenizer: Sendable, Hashable {
    package enum Step: Sendable, Hashable {
        /// GPT-2's expression: contractions, words, numbers, symbols, white space.
        case gpt2
        /// Llama 3's and Qwen 2's expression, with numbers of at most `digits` digits.
        case wordsAndNumbers(digits: Int)
        /// Numerals apart from all else; each by itself when `individual`.
        case digits(individual: Bool)
    }

    package let steps: [Step]

    package init(_ steps: [Step]) {
        self.steps = steps
    }

    /// Calls `body` with each pre-token in order; together they are the whole text.
    package func forEachPiece(in text: UTF8Text, _ body: (UnsafeRawBufferPointer) -> Void) {
        cut(text, 0..<text.bytes.count, step: 0, body)
    }

    private func cut(_ text: UTF8Text, _ range: Range<Int>, step: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        guard step < steps.count else {
            if !range.isEmpty { body(UnsafeRawBufferPointer(rebasing: text.bytes[range])) }
            return
        }
        var position = range.lowerBound
        while position < range.upperBound {
            let end = steps[step].endOfPiece(in: text, from: position, to: range.upperBound)
            precondition(end > position, "a pre-token must take at least one character")
            cut(text, position..<end, step: step + 1, body)
            position = end
        }
    }
}

extension PreTokenizer.Step {
    /// The end of the piece that starts at `position`; always past it, and at most `end`.
    func endOfPiece(in text: UTF8Text, from position: Int, to end: Int) -> Int {
        switch self {
        case .gpt2: GPT2Splitter.endOfPiece(in: text, from: position, to: end)
        case .wordsAndNumbers(let digits):
            WordNumberSplitter(mostDigits: digits).endOfPiece(in: text, from: position, to: end)
        case .digits(let individual):
            DigitSplitter(individual: individual).endOfPiece(in: text, from: position, to: end)
        }
    }
}
