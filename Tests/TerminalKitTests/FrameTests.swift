import TerminalKit
import Testing

@Suite("Frame") struct FrameTests {
    @Test("text is clipped at both edges")
    func clips() {
        let clip = Rect(x: 2, y: 0, width: 4, height: 1)
        #expect(drawn(10, 1) { $0.put("abcdefgh", at: Position(x: 0, y: 0), clip: clip) } == "  cdef")
        #expect(drawn(10, 1) { $0.put("abc", at: Position(x: -1, y: 0)) } == "bc")
        #expect(drawn(3, 1) { $0.put("abc", at: Position(x: 0, y: 1)) } == "")
    }

    @Test("put tells the column after the text")
    func column() {
        var frame = Frame(width: 20, height: 1)
        #expect(frame.put("日本a", at: Position(x: 1, y: 0)) == 6)
        #expect(frame.put("abc", at: Position(x: 1, y: 7)) == 4)
    }

    @Test("a wide character never straddles an edge")
    func wideAtEdge() {
        #expect(drawn(4, 1) { $0.put("a日本", at: .zero) }.hasPrefix("a日"))
        var frame = Frame(width: 4, height: 1)
        frame.fill(frame.bounds, with: "x")
        frame.put("a日本", at: .zero)
        #expect(frame.lines == ["a日 "])
        frame.put("本", at: Position(x: -1, y: 0))
        #expect(frame.lines == [" 日 "])
    }

    @Test("half overwritten, a wide character goes away whole")
    func overwrites() {
        var frame = Frame(width: 6, height: 1)
        frame.put("日本語", at: .zero)
        frame.put("x", at: Position(x: 1, y: 0))
        #expect(frame.lines == [" x本語"])
        frame.put("y", at: Position(x: 2, y: 0))
        #expect(frame.lines == [" xy 語"])
        frame.put("字", at: Position(x: 3, y: 0))
        #expect(frame.lines == [" xy字 "])
    }

    @Test("whatever is put, every row keeps its width", arguments: 0..<40)
    func rowsKeepTheirWidth(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let pieces = [
            "a", "日本", "e\u{301}", "👨‍👩‍👧", "🇩🇪", "\u{1B}[2J", "\u{202E}x", "\u{0301}", "ก็", "한글", "\u{200B}", "\r\n", "¨̂̃̄̅̆",
        ]
        var frame = Frame(width: 17, height: 4)
        for _ in 0..<60 {
            let place = Position(
                x: Int.random(in: -4...18, using: &generator), y: Int.random(in: 0...3, using: &generator))
            let text = (0..<3).map { _ in pieces.randomElement(using: &generator)! }.joined()
            frame.put(text, at: place)
            if Bool.random(using: &generator) {
                frame.fill(Rect(x: place.x, y: place.y, width: 2, height: 1), with: "·")
            }
        }
        for y in 0..<4 {
            for x in 0..<17 {
                let cell = frame[x, y]
                let isWide = DisplayWidth.of(cell.text) == 2
                #expect(cell.text.unicodeScalars.count <= 5)
                #expect(isWide == (x + 1 < 17 && frame[x + 1, y].isContinuation), "seed \(seed) at \(x),\(y)")
            }
        }
    }

    @Test("a box takes its title, and a note where there is room")
    func box() {
        let wide = drawn(20, 3) { $0.box($0.bounds, title: "Neurons", note: "153") }
        #expect(
            wide == """
                ┌ Neurons ──── 153 ┐
                │                  │
                └──────────────────┘
                """)
        let narrow = drawn(9, 2) { $0.box($0.bounds, border: .ascii, title: "Neurons", note: "153") }
        #expect(narrow == "+ Neur… +\n+-------+")
        #expect(drawn(1, 1) { $0.box($0.bounds) } == "")
    }

    @Test("the style layer names each style once")
    func styleLayer() {
        var frame = Frame(width: 4, height: 2)
        frame.put("ab", at: .zero, style: Style(bold: true))
        frame.put("c", at: Position(x: 3, y: 1), style: Style(foreground: .indexed(16), background: .indexed(214)))
        #expect(frame.styleLayer == "aa..\n...b\na: bold\nb: 16 on 214")
    }

    @Test("differences are the cells that changed, wide ones from their left half")
    func differences() {
        var before = Frame(width: 8, height: 2)
        before.put("abc日本", at: .zero)
        var after = before
        #expect(after.changes(since: before).isEmpty)
        after.put("X", at: Position(x: 1, y: 0))
        after.put("語", at: Position(x: 5, y: 0))
        after.put("z", at: Position(x: 7, y: 1))
        #expect(
            after.changes(since: before).map(\.columns) == [1..<2, 5..<6, 7..<8])
        #expect(after.changes(since: Frame(width: 7, height: 2)).map(\.columns) == [0..<8, 0..<8])
        #expect(after.changes(since: nil).count == 2)
    }

    @Test("a restyled wide character is sent from its left half")
    func restyledWide() {
        var before = Frame(width: 4, height: 1)
        before.put("日", at: .zero)
        var after = before
        after.restyle(Rect(x: 1, y: 0, width: 1, height: 1)) { $0.bold = true }
        #expect(after.changes(since: before).map(\.columns) == [0..<2])
    }
}
