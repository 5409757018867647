import TerminalKit
import Testing

@Suite("Widgets") struct WidgetTests {
    static func status(_ width: Int, _ state: String) -> String {
        let line = StatusLine(state: state, hints: [.init("?", "help"), .init("/", "filter"), .init("q", "quit")])
        return drawn(width, 1) { line.draw(into: &$0, in: $0.bounds, theme: dark) }
    }

    @Test("hints are shown whole or not at all, the first always")
    func statusLine() {
        #expect(Self.status(40, "3/153 · 2 marked") == " 3/153 · 2 marked │ ? help  / filter")
        #expect(Self.status(46, "3/153 · 2 marked") == " 3/153 · 2 marked │ ? help  / filter  q quit")
        #expect(Self.status(20, "3/153 · 2 marked") == " 3/153 · 2… │ ? help")
        #expect(Self.status(8, "3/153 · 2 marked") == " ? help")
    }

    @Test("a message takes the place of all hints but the first, while it fits")
    func statusMessage() {
        var line = StatusLine(state: "3/153", hints: [.init("?", "help"), .init("/", "filter")], message: "copied")
        func shown(_ width: Int) -> String { drawn(width, 1) { line.draw(into: &$0, in: $0.bounds, theme: dark) } }
        #expect(shown(40) == " 3/153 │ ? help │ copied")
        #expect(line.messageWidth(in: 26, theme: dark) == 15)
        #expect(shown(25) == " 3/153 │ ? help │ copied")
        #expect(shown(24) == " ? help │ copied")
        #expect(shown(17) == " ? help │ copied")
        #expect(shown(16) == " 3/153 │ ? help")
        line.hints = []
        #expect(shown(24) == " 3/153 │ copied")
    }

    @Test("tabs that do not fit are cut down to their numbers")
    func tabs() {
        let bar = TabBar(["Browse", "Live", "Contrast"], selected: 1, trailing: "gpt2-small L8")
        func shown(_ width: Int) -> String { drawn(width, 1) { bar.draw(into: &$0, in: $0.bounds, theme: dark) } }
        #expect(shown(50) == " 1 Browse [2]Live 3 Contrast        gpt2-small L8")
        #expect(shown(38) == " 1 Browse [2]Live 3 Contrast  …all L8")
        #expect(shown(16) == " 1 [2]Live 3")
        var frame = Frame(width: 50, height: 1)
        #expect(bar.draw(into: &frame, in: frame.bounds, theme: dark) == [1..<9, 10..<17, 18..<28])
    }

    @Test("histograms are as high as their rectangle, and small bars are still seen")
    func histogram() {
        let bars = Histogram([8, 4, 1, 0, 0.001])
        #expect(drawn(5, 1) { bars.draw(into: &$0, in: $0.bounds, theme: dark) } == "█▄▁ ▁")
        #expect(drawn(5, 2) { bars.draw(into: &$0, in: $0.bounds, theme: dark) } == "█\n██▂ ▁")
        #expect(drawn(2, 1) { Histogram([1, 1, 1, 3]).draw(into: &$0, in: $0.bounds, theme: dark) } == "▄█")
        #expect(drawn(3, 1) { Histogram([0, 0]).draw(into: &$0, in: $0.bounds, theme: dark) } == "")
    }

    @Test("a meter gives up its bar first and its number last")
    func meter() {
        func shown(_ width: Int, _ theme: Theme = dark) -> String {
            drawn(width, 1) {
                Meter("harm", level: 0.6, value: ".31")
                    .draw(into: &$0, in: $0.bounds, theme: theme, labelWidth: 6, valueWidth: 4)
            }
        }
        #expect(shown(17) == "harm   ███    .31")
        #expect(shown(17, plainASCII) == "harm   ###    .31")
        #expect(shown(11) == "harm    .31")
        #expect(shown(4) == " .31")
    }

    @Test("bars have eighths of a cell, and the least is not nothing")
    func bars() {
        let glyphs = GlyphSet.unicode
        #expect(glyphs.horizontalBar(1, width: 4) == "████")
        #expect(glyphs.horizontalBar(0.5, width: 3) == "█▌")
        #expect(glyphs.horizontalBar(0.0001, width: 3) == "▏")
        #expect(glyphs.horizontalBar(0, width: 3) == "")
        #expect((0...8).map { glyphs.bar(Double($0) / 8) }.joined() == " ▁▂▃▄▅▆▇█")
        #expect(GlyphSet.ascii.bar(1) == "#" && GlyphSet.ascii.bar(0) == " ")
    }

    @Test("effects go to the side of their sign")
    func signedBar() {
        func shown(_ level: Double) -> String {
            drawn(9, 1) { SignedBar(level).draw(into: &$0, in: $0.bounds, theme: dark) }
        }
        #expect(shown(1) == "    │████")
        #expect(shown(-0.5) == "  ██│")
        #expect(shown(0) == "    │")
    }

    @Test("a knob shows its value and where zero is")
    func knob() {
        func shown(_ value: Double) -> String {
            drawn(9, 1) { Knob(value, in: -8...8).draw(into: &$0, in: $0.bounds, theme: dark, isFocused: true) }
        }
        #expect(shown(-4) == "──◆─┼────")
        #expect(shown(0) == "────◆────")
        #expect(shown(99) == "────┼───◆")
    }

    @Test("ASCII glyphs are ASCII")
    func asciiGlyphs() {
        var frame = Frame(width: 40, height: 10)
        frame.box(
            frame.bounds, border: plainASCII.glyphs.heavyBorder, title: "a long title that has to be cut down to fit")
        TokenStripTests.lock.draw(into: &frame, in: frame.bounds.interior, theme: plainASCII)
        let text = frame.plainText.replacing("·", with: "").replacing("…", with: "")
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test(
        "on a terminal without UTF-8 every sign has a stand-in of one column",
        arguments: ["▌", "…", "日", "é", "e\u{301}", "█"])
    func asciiFallback(text: String) {
        let shown = ASCIIFallback.text(for: text)
        #expect(shown.utf8.count == 1 && shown.utf8.first! < 0x80)
    }
}
