import TerminalKit
import Testing

@Suite("Token strip") struct TokenStripTests {
    static let lock = TokenStrip(
        [
            ("How", 0), ("·do", 0), ("·I", 0), ("·pick", 0.5), ("·a", 0), ("·lock", 1), ("·that", 0.1), ("·I", 0),
            ("·own", 0.3), ("?", 0),
        ]
        .map { TokenChip($0.0, level: $0.1) })

    @Test("without colours a row of bars stands under the tokens")
    func bars() {
        let shown = drawn(40, 2) { Self.lock.draw(into: &$0, in: $0.bounds, theme: mono) }
        #expect(
            shown == """
                How·do·I·pick·a·lock·that·I·own?
                        ▄▄▄▄▄  █████▁▁▁▁▁  ▃▃▃▃
                """)
        let ascii = drawn(40, 2) { Self.lock.draw(into: &$0, in: $0.bounds, theme: plainASCII) }
        #expect(ascii.hasSuffix("        =====  #####.....  ----"))
    }

    @Test("rows break between tokens, and at the tokens that end lines")
    func wraps() {
        let shown = drawn(12, 4) { Self.lock.draw(into: &$0, in: $0.bounds, theme: dark) }
        #expect(shown == "How·do·I\n·pick·a·lock\n·that·I·own?\n")
        let poem = TokenStrip([TokenChip("a↵", breaksLine: true), TokenChip("b"), TokenChip("c↵", breaksLine: true)])
        #expect(drawn(12, 3) { poem.draw(into: &$0, in: $0.bounds, theme: dark) } == "a↵\nbc↵\n")
    }

    @Test("a token wider than the row is cut into pieces")
    func cutsLongTokens() {
        let strip = TokenStrip([TokenChip("ab"), TokenChip("日本語日本"), TokenChip("c")])
        #expect(drawn(5, 4) { strip.draw(into: &$0, in: $0.bounds, theme: dark) } == "ab\n日本\n語日\n本c")
        #expect(strip.layout(width: 1).rows.flatMap { $0 }.map(\.chip).max() == 2)
    }

    @Test("scrolling shows the token, and leaves no row empty while there are tokens above")
    func scrolls() {
        let layout = Self.lock.layout(width: 6)
        let count = layout.rows.count
        for first in -2...9 {
            for height in 1...8 {
                for chip in [nil] + Self.lock.chips.indices.map({ $0 as Int? }) {
                    let top = layout.scrolled(first, toShow: chip, height: height)
                    #expect(top >= 0 && top <= max(0, count - height), "\(first) \(height)")
                    guard let row = chip.flatMap(layout.row) else { continue }
                    #expect(top <= row && row < top + height, "\(first) \(height) \(row)")
                }
            }
        }
    }

    @Test("heat is the background, and the selected token stands out of it")
    func heat() {
        var strip = Self.lock
        strip.selected = 5
        var frame = Frame(width: 40, height: 1)
        let place = strip.draw(into: &frame, in: frame.bounds, theme: dark)
        #expect(place == Position(x: 15, y: 0))
        #expect(frame[0, 0].style == .plain)
        #expect(frame[8, 0].style.background == .indexed(172))
        #expect(frame[15, 0].style.background == .indexed(228))
        #expect(frame[15, 0].style.attributes == [.reverse, .bold, .underline])
    }

    @Test("clicks and vertical movement find tokens by column")
    func finds() {
        let layout = Self.lock.layout(width: 12)
        #expect(layout.chip(row: 0, x: 4) == 1)
        #expect(layout.chip(row: 0, x: 11) == 2)
        #expect(layout.chip(row: 5, x: 0) == nil)
        #expect(layout.chip(from: 1, rowsDown: 1) == 3)
        #expect(layout.chip(from: 3, rowsDown: -1) == 0)
        #expect(layout.chip(from: 9, rowsDown: 1) == nil)
        #expect(layout.scrolled(0, toShow: 9, height: 2) == 1)
        #expect(layout.scrolled(2, toShow: 0, height: 2) == 0)
    }

    @Test("a line of context is centred on its token, with signs where text goes on")
    func contextLine() {
        var columns = 0..<0
        let shown = drawn(20, 1) {
            columns = Self.lock.drawLine(into: &$0, in: $0.bounds, theme: dark, centering: 5)
        }
        #expect(shown == "…·pick·a·lock·that·…")
        #expect(Array(shown)[columns].map(String.init).joined() == "·lock")
        #expect(
            drawn(40, 1) { Self.lock.drawLine(into: &$0, in: $0.bounds, theme: dark, centering: 0) }
                == "How·do·I·pick·a·lock·that·I·own?")
    }
}
