import Testing
import TopsailPipeline
import TopsailTestSupport

@Suite("The strongest contexts") struct TopContextsTests {
    private func peak(_ value: Float, document: Int, position: Int = 1) -> PeakContext {
        PeakContext(value: value, document: document, position: position, start: 0, activations: [value])
    }

    @Test("ties go to the lower document, then to the lower position")
    func ties() {
        var top = TopContexts(capacity: 2)
        for context in [
            peak(1, document: 5), peak(1, document: 2, position: 9), peak(1, document: 2, position: 3),
            peak(1, document: 4),
        ] {
            top.insert(context)
        }
        #expect(top.contexts.map(\.document) == [2, 4])
        #expect(top.contexts[0].position == 3)
    }

    @Test("a document has one context, its strongest")
    func onePerDocument() {
        var top = TopContexts(capacity: 3)
        for (value, document) in [(2, 1), (5, 1), (3, 1), (4, 2)] as [(Float, Int)] {
            top.insert(peak(value, document: document))
        }
        #expect(top.contexts.map(\.value) == [5, 4])
    }

    @Test("shards merge to what one pass gives, in any order", arguments: 1...8)
    func merging(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Few values, so that ties are common; a document is never split between shards in more than one way.
        let all = (0..<120).map { index in
            peak(Float(Int.random(in: 1...6, using: &random)), document: index / 3, position: index % 3)
        }
        func collect(_ contexts: some Sequence<PeakContext>) -> TopContexts {
            var top = TopContexts(capacity: 10)
            for context in contexts { top.insert(context) }
            return top
        }
        let whole = collect(all)
        let shards = [all[..<31], all[31..<77], all[77...]].map { collect($0.shuffled(using: &random)) }
        var merged = TopContexts(capacity: 10)
        for shard in shards.shuffled(using: &random) { merged.merge(shard) }
        #expect(merged == whole)
    }
}
