/// The pre-tokenizer of Llama 3 (numbers of up to 3 digits) and Qwen 2 (1 digit), the expression written out by hand:
///
///     (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}
///     | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
struct WordNumberSplitter {
    var mostDigits: Int

    func endOfPiece(in text: UTF8Text, from start: Int, to end: Int) -> Int {
        let lead = text.bytes[start]
        if lead == UInt8(ascii: "'"), let end = Self.endOfContraction(in: text, from: start, to: end) { return end }
        let (first, second) = text.scalarClass(at: start)
        if first == .letter { return text.endOfRun(.letter, from: second, to: end) }
        if first == .number { return endOfNumber(in: text, from: start, to: end) }
        let following = second < end ? text.scalarClass(at: second) : nil
        // Any one character but a line end goes with the word after it.
        if let following, following.class == .letter, !Self.isLineEnd(lead) {
            return text.endOfRun(.letter, from: following.next, to: end)
        }
        if first == .other { return Self.endOfSymbols(in: text, from: second, to: end) }
        if let following, following.class == .other, lead == UInt8(ascii: " ") {
            return Self.endOfSymbols(in: text, from: following.next, to: end)
        }
        return Self.endOfWhitespace(in: text, from: start, to: end)
    }

    private func endOfNumber(in text: UTF8Text, from start: Int, to end: Int) -> Int {
        var position = start
        for _ in 0..<mostDigits where position < end {
            let (found, next) = text.scalarClass(at: position)
            guard found == .number else { break }
            position = next
        }
        return position
    }

    /// Symbols take the line ends after them along.
    private static func endOfSymbols(in text: UTF8Text, from position: Int, to end: Int) -> Int {
        var position = text.endOfRun(.other, from: position, to: end)
        while position < end, isLineEnd(text.bytes[position]) { position += 1 }
        return position
    }

    /// White space up to the last line end in the run, if there is one.
    private static func endOfWhitespace(in text: UTF8Text, from start: Int, to end: Int) -> Int {
        var position = text.endOfRun(.whitespace, from: start, to: end)
        while position > start {
            if isLineEnd(text.bytes[position - 1]) { return position }
            position -= 1
        }
        return text.endOfWhitespace(from: start, to: end)
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    /// The end of a contraction, in either case, given a position on an apostrophe.
    private static func endOfContraction(in text: UTF8Text, from start: Int, to end: Int) -> Int? {
        guard start + 1 < end else { return nil }
        let (first, second) = text.codePoint(at: start + 1)
        switch folded(first) {
        case "s", "t", "m", "d": return second
        case "r", "v": return second < end && folded(UInt32(text.bytes[second])) == "e" ? second + 1 : nil
        case "l": return second < end && folded(UInt32(text.bytes[second])) == "l" ? second + 1 : nil
        default: return nil
        }
    }

    /// Simple case folding for the letters of contractions; U+017F, the long s, folds to s as Unicode has it.
    private static func folded(_ codePoint: UInt32) -> Unicode.Scalar? {
        if codePoint == 0x17F { return "s" }
        return codePoint < 0x80 ? Unicode.Scalar(UInt8(codePoint) | 0x20) : nil
    }
}
