import Testing
import TopsailTokenizer

/// Expected values are Oniguruma's, by way of `tokenizers`.
@Suite("Regular expressions") struct RegularExpressionTests {
    @Test(
        "a text splits at the matches",
        arguments: [
            ("[0-9][0-9][0-9]", "1234567", ["123", "456", "7"]),
            (#"\d{2,}?"#, "12345", ["12", "34", "5"]),
            (#"(?i:'s|ſt)"#, "it'S 'ſ St", ["it", "'S", " ", "'ſ", " ", "St"]),
            (#"a(?=b)|b(?!c)"#, "abcb", ["a", "bc", "b"]),
            (#"(?<=x)\w"#, "xyz x!", ["x", "y", "z x!"]),
            (#"(?<!\s)\d+"#, "a1 2", ["a", "1", " 2"]),
            (#"(?>a|ab)c"#, "abc ac", ["abc ", "ac"]),
            (#"a++b|a"#, "aab", ["aab"]),
            (#"[^\p{L}\s]+"#, "é1²·ж", ["é", "1²·", "ж"]),
            (#"[a-z&&[^aeiou]]+"#, "strange", ["str", "a", "ng", "e"]),
            (#"[^(\s|.)]+"#, "a(b c.d|e", ["a", "(", "b", " ", "c", ".", "d", "|", "e"]),
            (#"\p{Han}+"#, "日本の", ["日本", "の"]),
            (#"\bthe\b"#, "other the", ["other ", "the"]),
            (#"(?:ab)+|."#, "ababa", ["abab", "a"]),
            (#"\x{1F44D}|\u00e9|\t"#, "é👍\t", ["é", "👍", "\t"]),
        ])
    func matches(expression: String, text: String, expected: [String]) throws {
        #expect(try pieces(expression, text) == expected)
    }

    @Test("an expression that tries everything gives up", .timeLimit(.minutes(1)))
    func catastrophe() throws {
        let text = String(repeating: "a", count: 40)
        #expect(try pieces("(?:a|aa)+b", text) == [text])
    }

    private func pieces(_ expression: String, _ text: String) throws -> [String] {
        PreTokenizer(.text(.expression(try RegularExpression(expression)))).pieces(text)
    }
}
