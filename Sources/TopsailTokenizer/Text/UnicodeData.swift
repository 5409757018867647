/// What the reference's libraries say of code points, where the standard library's newer Unicode says otherwise.
///
/// `tokenizers` 0.23 asks Oniguruma and the `regex` crate, which both know Unicode 16, and Rust's standard library, which
/// knows Unicode 17 as Swift does. Compared over all code points.
enum UnicodeData {
    /// The general category as of Unicode 16: what came later is unassigned.
    static func category(_ codePoint: UInt32) -> Unicode.GeneralCategory {
        guard let scalar = Unicode.Scalar(codePoint) else { return .unassigned }
        // Unicode 17 took this letter, which has no case, out of the lower-case ones.
        if codePoint == 0x295 { return .lowercaseLetter }
        return isNewer(scalar) ? .unassigned : scalar.properties.generalCategory
    }

    /// Unicode's `White_Space`.
    @inline(__always)
    static func isWhitespace(_ codePoint: UInt32) -> Bool {
        if codePoint < 0x80 { return codePoint == 0x20 || (0x09...0x0D).contains(codePoint) }
        return Unicode.Scalar(codePoint)?.properties.isWhitespace ?? false
    }

    /// `\w` of the `regex` crate: alphabetic, mark, decimal digit, connector punctuation or join control.
    static func isPartOfWord(_ codePoint: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(codePoint), !isNewer(scalar) else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return scalar.properties.isAlphabetic || scalar.properties.isJoinControl
        }
    }

    /// `\w` of Oniguruma, which leaves out join controls and counts Latin-1's superscripts and fractions.
    static func isPartOfOnigurumaWord(_ codePoint: UInt32) -> Bool {
        switch codePoint {
        case 0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE: true
        case 0x200C, 0x200D: false
        default: isPartOfWord(codePoint)
        }
    }

    /// `char::is_numeric`: `\p{N}` as of Unicode 17.
    static func isNumeric(_ codePoint: UInt32) -> Bool {
        if codePoint < 0x80 { return (0x30...0x39).contains(codePoint) }
        switch Unicode.Scalar(codePoint)?.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: return true
        default: return false
        }
    }

    /// A combining mark, as of Unicode 12.
    static func isMark(_ codePoint: UInt32) -> Bool {
        guard codePoint >= 0x300 else { return false }
        switch category(codePoint) {
        case .nonspacingMark, .spacingMark, .enclosingMark: return !UnicodeForm.isNewer(codePoint)
        default: return false
        }
    }

    /// ASCII's symbols and Unicode 8's punctuation.
    static func isPunctuation(_ codePoint: UInt32) -> Bool {
        if codePoint < 0x80 { return ScalarClass(codePoint: codePoint) == .other && (0x21...0x7E).contains(codePoint) }
        // A symbol and a mark by now.
        if codePoint == 0x166D || codePoint == 0x111C9 { return true }
        guard let scalar = Unicode.Scalar(codePoint), (scalar.properties.age?.major ?? 99) <= 8 else { return false }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return true
        default: return false
        }
    }

    /// Whether Unicode 17 assigned the code point.
    private static func isNewer(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // The ideographs and syllables of most texts, all of them older.
        case 0..<0x88F, 0x3000..<0xA7CE, 0xAC00..<0xFBC3: false
        default: (scalar.properties.age?.major ?? 0) >= 17
        }
    }
}
