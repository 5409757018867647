import TerminalKit
import Testing

@Suite("Lists") struct ListTests {
    static let columns: [Table.Column] = [
        .number("id", width: 5), .number("max", width: 4), .number("dens", width: 4, priority: 0),
        .text("label", minimum: 4),
    ]
    static let neurons = [
        ("12480", "18.2", ".31", "apology"), ("9031", "15.9", ".12", "regret"), ("3377", "14.1", ".55", "excuse"),
        ("1175", "11.0", ".08", "—"),
    ]

    static func row(_ index: Int) -> Table.Row {
        let neuron = neurons[index]
        return Table.Row(
            [Table.Field(neuron.0), Table.Field(neuron.1), Table.Field(neuron.2), Table.Field(neuron.3)],
            isMarked: index == 1)
    }

    static func table(width: Int, theme: Theme = dark, cursor: ListCursor = ListCursor()) -> String {
        drawn(width, 4) {
            Table(columns).draw(
                into: &$0, in: $0.bounds, count: neurons.count, cursor: cursor, theme: theme, isFocused: true, row: row)
        }
    }

    @Test("numbers are set to the right, selection and marks in the first column")
    func table() {
        #expect(
            Self.table(width: 26) == """
                    id  max dens label
                ▌12480 18.2  .31 apology
                • 9031 15.9  .12 regret
                  3377 14.1  .55 excuse
                """)
    }

    @Test("labels shorten before numbers vanish")
    func narrow() {
        #expect(Self.table(width: 22).contains("▌12480 18.2  .31 apol…") == true)
        #expect(
            Self.table(width: 18, theme: plainASCII) == """
                    id  max label
                >12480 18.2 apolo~
                * 9031 15.9 regret
                  3377 14.1 excuse
                """)
    }

    @Test("only rows on show are asked for")
    func asksForVisibleRows() {
        var asked: [Int] = []
        var cursor = ListCursor()
        cursor.select(500_000, count: 1_000_000, height: 3)
        var frame = Frame(width: 20, height: 4)
        Table(Self.columns).draw(
            into: &frame, in: frame.bounds, count: 1_000_000, cursor: cursor, theme: dark, isFocused: true
        ) { index in
            asked.append(index)
            return Table.Row([])
        }
        #expect(asked == [499_998, 499_999, 500_000])
        #expect(frame.cursor == Position(x: 0, y: 3))
    }

    @Test(
        "movement keys, with counts",
        arguments: [
            ("j", 1), ("5j", 5), ("G", 99), ("Gk", 98), ("k", 0), ("<PgDn>", 9), ("<Ctrl-D>", 5), ("G<PgUp>", 90),
            ("Gg", 0),
            ("<End><Home>", 0), ("<Down><Down><Up>", 1),
        ])
    func movement(keys: String, expected: Int) throws {
        var cursor = ListCursor()
        var count = 0
        for chord in try #require(KeyChord.sequence(keys)) {
            if let digit = chord.typedCharacter?.wholeNumberValue {
                count = digit
                continue
            }
            #expect(cursor.handle(chord, count: 100, height: 10, repeats: max(1, count)) == true)
            count = 0
        }
        #expect(cursor.selected == expected)
        #expect(cursor.visible(count: 100, height: 10).contains(expected))
    }

    @Test("a step over the edge brings a quarter of the view with it, inside the view nothing scrolls")
    func stepsOverTheEdge() {
        var cursor = ListCursor()
        var offsets: [Int] = []
        for _ in 0..<24 {
            cursor.move(by: 1, count: 100, height: 12)
            if cursor.offset != offsets.last { offsets.append(cursor.offset) }
        }
        #expect(offsets == [0, 4, 8, 12, 16])
        #expect(cursor.selected == 24)
        for _ in 0..<9 { cursor.move(by: -1, count: 100, height: 12) }
        #expect(cursor.selected == 15 && cursor.offset == 12)
        cursor = ListCursor(selected: 98, offset: 87)
        cursor.move(by: 1, count: 100, height: 12)
        #expect(cursor.selected == 99 && cursor.offset == 88)
        cursor = ListCursor(selected: 30, offset: 30)
        cursor.move(by: -1, count: 100, height: 12)
        #expect(cursor.selected == 29 && cursor.offset == 26)
        cursor.move(by: 12, count: 100, height: 12)
        #expect(cursor.selected == 41 && cursor.offset == 30)
    }

    @Test("a list that shrinks keeps its selection inside")
    func shrinks() {
        var cursor = ListCursor(selected: 50, offset: 45)
        cursor.reveal(count: 10, height: 5)
        #expect(cursor.selected == 9 && cursor.offset == 5)
        cursor.reveal(count: 0, height: 5)
        #expect(cursor.selected == 0 && cursor.visible(count: 0, height: 5).isEmpty)
    }

    @Test("the wheel scrolls, and takes the selection along only at the edge")
    func wheel() {
        var cursor = ListCursor(selected: 2)
        cursor.scroll(by: 1, count: 20, height: 5)
        #expect(cursor.offset == 1 && cursor.selected == 2)
        cursor.scroll(by: 3, count: 20, height: 5)
        #expect(cursor.offset == 4 && cursor.selected == 4)
        cursor.scroll(by: 100, count: 20, height: 5)
        #expect(cursor.offset == 15)
    }

    @Test("a tree shows open branches only, counts at the right")
    func tree() {
        var outline = Outline<String>(
            [
                .init(
                    "refusal", title: "refusal", note: "214",
                    children: [
                        .init("policy", title: "policy", note: "61"),
                        .init("apology", title: "a very long name", note: "153"),
                    ]),
                .init("deception", title: "deception", note: "388", children: [.init("x", title: "x")]),
            ], expanded: ["refusal"])
        func shown() -> String {
            let rows = outline.rows
            return drawn(17, 4) {
                Tree.draw(
                    into: &$0, in: $0.bounds, count: rows.count, cursor: ListCursor(selected: 1), theme: dark,
                    isFocused: true
                ) { rows[$0].row }
            }
        }
        #expect(
            shown() == """
                 ▾ refusal    214
                ▌    policy    61
                     a very … 153
                 ▸ deception  388
                """)
        outline.toggle("refusal")
        #expect(outline.rows.map(\.id) == ["refusal", "deception"])
        #expect(outline.parent(of: "policy") == "refusal")
        #expect(outline.parent(of: "refusal") == nil)
    }
}
