import TerminalKit
import Testing

@Suite("Text layout") struct TextLayoutTests {
    @Test(
        "truncation leaves room for the ellipsis",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"), ("", 3, ""),
        ])
    func truncates(text: String, width: Int, expected: String) {
        #expect(TextLayout.truncate(text, to: width) == expected)
    }

    @Test("paths keep their end")
    func truncatesStart() {
        #expect(TextLayout.truncateStart("models/gpt2-small", to: 10) == "…pt2-small")
        #expect(TextLayout.truncateStart("日本語", to: 4) == "…語")
    }

    @Test("fitting fills up on the chosen side")
    func fits() {
        #expect(TextLayout.fit("ab", to: 5) == "ab   ")
        #expect(TextLayout.fit("ab", to: 5, alignment: .trailing) == "   ab")
        #expect(TextLayout.fit("ab", to: 5, alignment: .center) == " ab  ")
        #expect(TextLayout.fit("日本語", to: 4, alignment: .trailing) == " 日…")
    }

    @Test(
        "lines break at blanks, else between characters",
        arguments: [
            ("the quick brown fox", 10, ["the quick", "brown fox"]), ("abcdefgh", 3, ["abc", "def", "gh"]),
            ("one\n\ntwo", 10, ["one", "", "two"]), ("日本語です", 4, ["日本", "語で", "す"]), ("", 4, [""]),
            ("日", 1, ["日"]), ("abc def", 3, ["abc", "def"]), ("ab  cd", 3, ["ab ", "cd"]),
        ])
    func wraps(text: String, width: Int, expected: [String]) {
        #expect(TextLayout.wrap(text, width: width) == expected)
    }

    @Test("wrapped lines fit, and lose nothing but blanks", arguments: 0..<50)
    func wrappingIsFaithful(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let pieces = ["a", "bc", " ", " ", "日", "e\u{301}", "longerword"]
        let text = (0..<30).map { _ in pieces.randomElement(using: &generator)! }.joined()
        let width = Int.random(in: 2...12, using: &generator)
        let lines = TextLayout.wrap(text, width: width)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "seed \(seed), width \(width): \(lines)")
        #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " }, "seed \(seed)")
    }
}
