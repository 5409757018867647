import TerminalKit
import Testing

@Suite("Display width") struct DisplayWidthTests {
    @Test(
        "columns of a text as it is drawn",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("한글", 4), ("ﾊﾝｶｸ", 4), ("👍", 2), ("▌█▁…", 4),
            ("👍🏽", 3),  // a thumb and ⁺
            ("👨‍👩‍👧", 3),  // the first person and ⁺
            ("\u{1B}[31m", 5),  // nothing of an escape sequence is obeyed
            ("a\tb\n", 4), ("\u{301}", 1), ("ก็", 1), ("❤️", 1),
        ])
    func columns(text: String, expected: Int) {
        #expect(DisplayWidth.of(text) == expected)
    }

    @Test(
        "what could move, hide or reorder is drawn as something visible",
        arguments: [
            ("\u{1B}", "␛"), ("\u{7F}", "␡"), ("\u{9B}", "�"), ("\u{202E}abc", "�abc"), ("\u{200B}", "�"),
            ("\u{301}", "◌\u{301}"),
            ("👨‍👩‍👧", "👨⁺"), ("👍🏽", "👍⁺"), ("❤️", "❤"), ("\r\n", "␍␊"),
        ])
    func standIns(text: String, expected: String) {
        var frame = Frame(width: 8, height: 1)
        frame.put(text, at: .zero)
        #expect(frame.plainText == expected)
    }

    @Test("a cell takes four marks and no more")
    func marks() {
        var frame = Frame(width: 2, height: 1)
        frame.put("a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", at: .zero)
        #expect(frame[0, 0].text.unicodeScalars.map(\.value) == [0x61, 0x301, 0x302, 0x303, 0x304])
    }

    @Test("the width of a text is the sum over its characters", arguments: ["a日e\u{301}👨‍👩‍👧x", "क्षि한", "\u{1B}日\n"])
    func sums(text: String) {
        #expect(DisplayWidth.of(text) == text.reduce(0) { $0 + DisplayWidth.of($1) })
    }

    @Test("a flag is its first half and a sign, never more than three columns")
    func flag() {
        var frame = Frame(width: 6, height: 1)
        frame.put("🇩🇪", at: .zero)
        #expect(frame.plainText == "🇩⁺")
        #expect(DisplayWidth.of("🇩🇪") <= 3)
    }

    @Test("text made of anything is drawn as its characters are one by one", arguments: 0..<8)
    func mixedTexts(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        let scalars = "ab ~│█▁→…✓☺⌚日é\u{301}\u{20DD}\u{200D}\u{FE0F}\u{200B}\u{2028}\u{1F3FD}👩🇩🇪\u{7F}\u{1B}\n\rกำ한"
            .unicodeScalars.map { $0 }
        for _ in 0..<2_000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...8, using: &random) { text.append(scalars.randomElement(using: &random)!) }
            let whole = String(text)
            #expect(glyphs(of: whole) == whole.flatMap { glyphs(of: String($0)) }, "\(scalarNames(of: whole))")
        }
    }

    private func glyphs(of text: String) -> [Glyph] {
        var found: [Glyph] = []
        Glyph.forEach(in: text) {
            found.append($0)
            return true
        }
        return found
    }

    private func scalarNames(of text: String) -> [String] {
        text.unicodeScalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }
    }
}
