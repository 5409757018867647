import Foundation
import Testing
import TopsailTokenizer

/// The splitters written by hand against a regular-expression engine.
///
/// `\s` is spelled out because ICU's leaves out U+000B and U+0085, which are white space in Unicode and the reference.
@Suite("Pre-tokenizers") struct PreTokenizerTests {
    static let space = #"[\p{White_Space}]"#
    static let symbol = #"[^\p{White_Space}\p{L}\p{N}]"#
    static let endings = "\(space)+(?!\(space.replacing("[", with: "[^", maxReplacements: 1)))|\(space)+"

    static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?\#(symbol)+|\#(endings)"#
    static func wordsAndNumbers(_ digits: String) -> String {
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}\#(digits)| ?\#(symbol)+[\r\n]*|"#
            + #"\#(space)*[\r\n]+|\#(endings)"#
    }

    static let cases: [(PreTokenizer, String)] = [
        (PreTokenizer(.gpt2), gpt2),
        (PreTokenizer(.wordsAndNumbers(digits: 3)), wordsAndNumbers("{1,3}")),
        (PreTokenizer(.wordsAndNumbers(digits: 1)), wordsAndNumbers("")),
        (PreTokenizer(.each(.numeric)), #"\p{N}|\P{N}+"#),
        (PreTokenizer(.each(.numeric), .contiguous), #"\p{N}+|\P{N}+"#),
    ]

    /// One or more of each kind that the expressions tell apart.
    static let alphabet = ["a", "É", "7", "½", " ", "\n", "\r", "\u{A0}", "\u{3000}", "!", "\u{301}", "👍"]

    @Test("all texts of up to 4 characters split as the expression says", arguments: cases.indices)
    func exhaustive(index: Int) throws {
        let (preTokenizer, pattern) = Self.cases[index]
        let expression = try NSRegularExpression(pattern: pattern)
        var texts = [""]
        for _ in 0..<4 {
            texts = texts.flatMap { text in Self.alphabet.map { text + $0 } }
            for text in texts { try expectSame(text, preTokenizer, expression) }
        }
    }

    @Test("contractions split as the expression says", arguments: cases.indices)
    func contractions(index: Int) throws {
        let (preTokenizer, pattern) = Self.cases[index]
        let expression = try NSRegularExpression(pattern: pattern)
        let letters = ["", "s", "S", "t", "r", "e", "RE", "v", "VE", "m", "l", "L", "d", "ſ", "x", "'", " ", "1", "\n"]
        for before in ["", "a", " ", "1", "'", "\n", "!"] {
            for first in letters {
                for second in letters {
                    for third in letters {
                        try expectSame(before + "'" + first + second + third, preTokenizer, expression)
                    }
                }
            }
        }
    }

    @Test(
        "white space is Unicode's",
        arguments: ["\u{B}", "\u{C}", "\u{85}", "\u{A0}", "\u{1680}", "\u{2003}", "\u{2028}", "\u{202F}", "\u{3000}"])
    func whitespace(space: String) {
        #expect(PreTokenizer(.gpt2).pieces("a\(space)\(space)b") == ["a", space, space, "b"])
        #expect(PreTokenizer(.gpt2).pieces("a\(space)\(space)") == ["a", space + space])
    }

    @Test("a later step looks no further than the piece the earlier one left")
    func sequence() {
        let smolLM = PreTokenizer([.split(Splitting(.each(.numeric), .isolated)), .split(Splitting(.gpt2, .isolated))])
        #expect(smolLM.pieces("in 1984, it's") == ["in", " ", "1", "9", "8", "4", ",", " it", "'s"])
        #expect(smolLM.pieces("a  7") == ["a", "  ", "7"])
        #expect(PreTokenizer(.gpt2).pieces("a  7") == ["a", " ", " 7"])
    }

    private func expectSame(_ text: String, _ preTokenizer: PreTokenizer, _ expression: NSRegularExpression) throws {
        let matches = expression.matches(in: text, range: NSRange(location: 0, length: text.utf16.count))
        let units = Array(text.utf16)
        let expected = matches.map { match in
            String(decoding: units[match.range.lowerBound..<match.range.upperBound], as: UTF16.self)
        }
        let found = preTokenizer.pieces(text)
        try #require(
            found.count == expected.count && zip(found, expected).allSatisfy(isSame),
            "\(text.debugDescription): got \(found), expected \(expected)")
    }
}

extension PreTokenizer {
    init(_ pattern: Splitting.Pattern, _ behavior: Splitting.Behavior = .isolated) {
        self.init([.split(Splitting(pattern, behavior))])
    }

    func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var text = text
        text.withUTF8 { bytes in
            forEachPiece(in: UTF8Text(UnsafeRawBufferPointer(bytes)), isFirst: true) { piece in
                pieces.append(String(decoding: piece.bytes, as: UTF8.self))
            }
        }
        return pieces
    }
}
