import Testing
import TopsailUI

@Suite("Filter expressions") struct FilterExpressionTests {
    @Test(
        "a filter's text reads as the same filter",
        arguments: [
            "", "rivers", "a|b !c", "max>5", "dens<.1", "max>5 max<9", "max=3", "score>.5 layer:14 sae:x tag:violence",
            "shot dens>1 has:note", "has:explanation max<1e-3",
        ])
    func roundTrip(_ text: String) throws {
        let filter = try FilterExpression.parse(text)
        #expect(try FilterExpression.parse(filter.text) == filter)
    }

    @Test("words and fields are told apart")
    func parsing() throws {
        let filter = try FilterExpression.parse("sorry max>5 max<=9 dens<.1 layer:14 tag:Refusal has:note  apology")
        #expect(filter.words == "sorry apology")
        #expect(filter.max == 5...9)
        #expect(filter.density == 0...0.1)
        #expect(filter.layer == 14)
        #expect(filter.tag == "refusal")
        #expect(filter.hasNote == true)
    }

    @Test("first letters are enough, and a field without its value does not bound yet")
    func short() throws {
        #expect(try FilterExpression.parse("m>5").max?.lowerBound == 5)
        #expect(try FilterExpression.parse("d<2%").density == 0...2)
        #expect(try FilterExpression.parse("max>").isEmpty)
        #expect(try FilterExpression.parse("tag:").isEmpty)
        #expect(try FilterExpression.parse("   ").isEmpty)
    }

    @Test("bounds that exclude each other match nothing rather than trap")
    func crossed() throws {
        #expect(try FilterExpression.parse("max>9 max<5").max == 5...5)
        #expect(try FilterExpression.parse("max<5 max>9").max == 9...9)
        #expect(try FilterExpression.parse("max>-3").max?.lowerBound == -3)
    }

    @Test(
        "what cannot be read is named, with the nearest field",
        arguments: [
            ("mx>5", "max"), ("scor>1", "score"), ("layr:3", "layer"), ("max>lots", "max>5"), ("layer:x", "layer:5"),
            ("has:cheese", "has:note"), ("score<1", "score>.5"),
        ])
    func problems(_ text: String, _ hint: String) {
        let problem = #expect(throws: FilterExpression.Problem.self) { try FilterExpression.parse(text) }
        #expect(problem?.hint?.contains(hint) == true, "\(String(describing: problem))")
    }
}

@Suite("Context windows") struct ContextWindowTests {
    private func context(_ tokens: [String], peak: Int) -> NeuronProfile.Context {
        var activations = [Float](repeating: 0, count: tokens.count)
        activations[peak] = 5
        return NeuronProfile.Context(tokens: tokens, activations: activations)
    }

    @Test("the peak is on show wherever it is", arguments: 0..<12)
    func peakIsShown(_ peak: Int) {
        let tokens = [
            "The", " quick", " brown", " fox", " jumps", " over", " the", " lazy", " dog", " and", " runs", " away",
        ]
        for rows in 1...3 {
            for columns in [8, 13, 21, 40, 100] {
                let window = ContextWindow(
                    context(tokens, peak: peak), around: peak, columns: columns, rows: rows, ellipsis: "…")
                #expect(window.rows.joined().contains { $0.activation == 5 }, "\(columns)×\(rows)")
                #expect(window.rows.count <= rows)
                for row in window.rows { #expect(row.map(\.text).joined().count <= columns) }
            }
        }
    }

    @Test("a text that fits is shown whole")
    func whole() {
        let window = ContextWindow(context(["a", " b", " c"], peak: 1), around: 1, columns: 20, rows: 1, ellipsis: "…")
        #expect(window.rows.joined().map(\.text).joined() == "a b c")
    }
}

@Suite("Paged rows") struct PagedRowsTests {
    private func page(_ start: Int, total: Int) -> NeuronPage {
        let rows = (start..<min(total, start + PagedRows.pageSize)).map {
            NeuronEntry(key: NeuronKey(sae: "s", index: $0))
        }
        return NeuronPage(total: total, start: start, rows: rows)
    }

    @Test("a stretch is asked for once, and held when it comes")
    func asking() {
        var rows = PagedRows()
        #expect(rows.missing(in: 0..<10).isEmpty, "nothing is known before the first answer")
        rows.receive(page(0, total: 1000))
        #expect(rows.missing(in: 0..<50).isEmpty)
        #expect(rows.missing(in: 100..<140) == [128..<256])
        #expect(rows.missing(in: 100..<140).isEmpty)
        rows.receive(page(128, total: 1000))
        #expect(rows[130]?.key.index == 130)
        #expect(rows.missing(in: 990..<1100) == [896..<1000])
    }

    @Test("pages far from what is read are forgotten and asked for again")
    func forgetting() {
        var rows = PagedRows()
        let total = PagedRows.pageSize * (PagedRows.maximumPages + 10)
        for start in stride(from: 0, to: total, by: PagedRows.pageSize) {
            if start > 0 { _ = rows.missing(in: start..<start + 1) }
            rows.receive(page(start, total: total))
        }
        #expect(rows[0] == nil)
        #expect(rows[total - 1]?.key.index == total - 1)
        #expect(rows.missing(in: 0..<1).count == 1)
    }
}
