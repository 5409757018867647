/// GPT-2's pre-tokenizer, the expression written out by hand:
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
enum GPT2Splitter {
    static func endOfPiece(in text: UTF8Text, from start: Int, to end: Int) -> Int {
        let lead = text.bytes[start]
        if lead == UInt8(ascii: "'"), let end = endOfContraction(in: text, from: start, to: end) { return end }
        var (first, position) = text.scalarClass(at: start)
        if lead == UInt8(ascii: " "), position < end {
            // One space goes with what follows, unless that is white space too.
            let (following, next) = text.scalarClass(at: position)
            if following != .whitespace { (first, position) = (following, next) }
        }
        guard first != .whitespace else { return text.endOfWhitespace(from: start, to: end) }
        return text.endOfRun(first, from: position, to: end)
    }

    /// The end of a contraction, lower case only, given a position on an apostrophe.
    private static func endOfContraction(in text: UTF8Text, from start: Int, to end: Int) -> Int? {
        guard start + 1 < end else { return nil }
        let first = text.bytes[start + 1]
        switch first {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"), UInt8(ascii: "l"):
            guard start + 2 < end else { return nil }
            let second = first == UInt8(ascii: "l") ? UInt8(ascii: "l") : UInt8(ascii: "e")
            return text.bytes[start + 2] == second ? start + 3 : nil
        default: return nil
        }
    }
}
