import TopsailCore
import TopsailTokenizer

/// Joins the tokens around a position to whole words.
struct WordFinder {
    let tokens: [TokenID]
    let tokenizer: any TextTokenizer

    /// The word that the token belongs to, and its neighbours on both sides; a mark or a line break is a word of its
    /// own.
    func words(around position: Int) -> (word: String, before: String?, after: String?) {
        let range = wordRange(position)
        let before = (0..<range.lowerBound).last { !isSpace($0) }.map(wordRange)
        let after = (range.upperBound..<tokens.count).first { !isSpace($0) }.map(wordRange)
        return (text(range), before.map(text), after.map(text))
    }

    private func wordRange(_ position: Int) -> Range<Int> {
        var start = position
        while start > 0, continues(start) { start -= 1 }
        var end = position + 1
        while end < tokens.count, continues(end) { end += 1 }
        return start..<end
    }

    /// Whether a token goes on with the word that the token before ends with.
    private func continues(_ position: Int) -> Bool {
        let text = tokenizer.text(of: tokens[position])
        // Contractions are one word: don't, she'll.
        let core = text.first == "'" || text.first == "’" ? text.dropFirst() : text[...]
        guard let first = core.first, first.isLetter || first.isNumber,
            let last = tokenizer.text(of: tokens[position - 1]).last
        else { return false }
        return last.isLetter || last.isNumber
    }

    /// Spaces that are tokens of their own, as in front of digits; a line break is not one.
    private func isSpace(_ position: Int) -> Bool {
        let text = tokenizer.text(of: tokens[position])
        return text.allSatisfy(\.isWhitespace) && !text.contains("\n")
    }

    private func text(_ range: Range<Int>) -> String {
        let text = tokenizer.decode(Array(tokens[range]))
        let core = text.drop(while: \.isWhitespace)
        let end = core.lastIndex { !$0.isWhitespace }.map(core.index(after:)) ?? core.startIndex
        if end > core.startIndex { return String(core[..<end]) }
        return text.contains("\n") ? "↵" : "␣"
    }
}
