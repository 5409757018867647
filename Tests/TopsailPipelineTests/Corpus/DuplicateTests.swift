import Testing
import TopsailPipeline
import TopsailTestSupport

@Suite("Finding near-duplicates") struct DuplicateTests {
    /// A text of `count` different words.
    private func words(_ count: Int, seed: UInt64) -> [String] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in "w\(Int.random(in: 0..<5000, using: &random))" }
    }

    @Test("Jaccard similarity of three-word runs")
    func jaccard() {
        let a = Shingles(words: ["the", "cat", "sat", "on", "it"])
        let b = Shingles(words: ["the", "cat", "sat", "on", "me"])
        #expect(a.jaccard(a) == 1)
        #expect(a.jaccard(b) == 0.5)
        #expect(a.jaccard(Shingles(words: ["dogs"])) == 0)
    }

    @Test("a copy with a few words changed is found, whichever seed it grew from", arguments: 1...10)
    func changedCopy(seed: UInt64) {
        var index = DuplicateIndex()
        let original = words(200, seed: seed)
        var copy = original
        for place in stride(from: 20, to: 200, by: 60) { copy[place] = "changed" }
        let kept = [index.insert(words: original, seed: 1), index.insert(words: copy, seed: 2)]
        #expect(kept == [true, false])
    }

    @Test("texts that share a third of their runs are both kept")
    func halfShared() {
        var index = DuplicateIndex()
        let original = words(200, seed: 3)
        let half = Array(original[..<100]) + words(100, seed: 4)
        let kept = [index.insert(words: original, seed: 1), index.insert(words: half, seed: 1)]
        #expect(kept == [true, true])
    }
}
