import Testing
import TopsailCore
import TopsailPipeline

@Suite("Cutting contexts into segments") struct TextSegmentsTests {
    /// Words with the space before them.
    private func cut(_ text: String) -> [String] {
        let texts = text.split(separator: " ").map { " " + $0 }
        return TextSegments.cut(texts).map { $0.map { texts[$0] }.joined() }
    }

    @Test("at sentence ends, in any script, and at line breaks")
    func sentences() {
        #expect(
            cut("one two three four. five six seven eight! nine ten eleven twelve")
                == [" one two three four.", " five six seven eight!", " nine ten eleven twelve"])
        #expect(TextSegments.cut(["一", "二", "三", "。", "四", "五", "六", "？"]) == [0..<4, 4..<8])
        #expect(TextSegments.cut(["a", "b", "c", "\n", "d", "e", "f", "g"]) == [0..<4, 4..<8])
    }

    @Test("a long sentence at its last comma within reach, else at sixteen tokens")
    func long() {
        let words = (0..<20).map { $0 == 9 ? " w," : " w" }
        #expect(TextSegments.cut(words) == [0..<10, 10..<20])
        #expect(TextSegments.cut(Array(repeating: " w", count: 40)) == [0..<16, 16..<32, 32..<40])
    }

    @Test("a short piece joins its neighbour")
    func short() {
        #expect(
            cut("one two three four five. Yes. six seven eight nine.")
                == [" one two three four five.", " Yes. six seven eight nine."])
        #expect(cut("one two three four five. Yes.") == [" one two three four five. Yes."])
        #expect(cut("A. b. c. d. e. f. g. h.") == [" A. b. c. d.", " e. f. g. h."])
        #expect(cut("Yes. one two three four five.") == [" Yes. one two three four five."])
        #expect(TextSegments.cut(["a"]) == [0..<1])
        #expect(TextSegments.cut([]).isEmpty)
    }

    @Test("segments cover every token once", arguments: 1...80)
    func cover(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let texts = (0..<count).map { _ in [" w", ",", ".", " x", "\n", " y"][Int.random(in: 0..<6, using: &random)] }
        let segments = TextSegments.cut(texts)
        #expect(segments.flatMap { Array($0) } == Array(0..<count))
        // A full piece and two short ones.
        #expect(segments.allSatisfy { $0.count < TextSegments.longest + 2 * TextSegments.shortest })
        if count >= TextSegments.shortest { #expect(segments.allSatisfy { $0.count >= TextSegments.shortest }) }
    }
}
