import Testing
import TopsailAnalysis
import TopsailTestSupport

@Suite("Quantiles from the largest values") struct UpperTailTests {
    private func tail(_ values: some Sequence<Float>, capacity: Int) -> UpperTail {
        var tail = UpperTail(capacity: capacity)
        for value in values { tail.insert(value) }
        return tail
    }

    @Test("interpolates between ranks, and says nothing of what was not kept")
    func reference() {
        // Ten values of which the three largest are kept; reference: interpretation metrics, 4.2.
        let tail = tail([1, 2, 9, 3, 1, 5, 4, 7, 2, 3], capacity: 3)
        #expect(tail.largest == [9, 7, 5])
        #expect(tail.quantile(0.8, of: 10) == 5)
        #expect(abs(tail.quantile(0.85, of: 10)! - 6) < 1e-5)
        #expect(tail.quantile(1, of: 10) == 9)
        #expect(tail.quantile(0.5, of: 10) == nil)
    }

    @Test("0.999 of 200,000 values is the 201st largest")
    func safeSAILCase() {
        var random = SeededGenerator(seed: 7)
        let values = (1...200_000).map(Float.init).shuffled(using: &random)
        #expect(tail(values, capacity: 10_000).quantile(0.999, of: 200_000) == 199_800)
    }

    @Test("a neuron that fires on fewer than one token in a thousand has quantile 0")
    func rareNeuron() {
        let capacity = UpperTail.capacity(for: 0.999, of: 10_000)
        #expect(capacity == 11)
        #expect(tail([3, 2, 8], capacity: capacity).quantile(0.999, of: 10_000) == 0)
        #expect(tail([], capacity: capacity).quantile(0.999, of: 10_000) == 0)
    }

    @Test("shards merge to the same tail in any order", arguments: 1...5)
    func merging(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let values = (0..<500).map { _ in Float.random(in: 0...1, using: &random) }
        let whole = tail(values, capacity: 40)
        let parts = [values[..<100], values[100..<130], values[130...]].map { tail($0, capacity: 40) }
        var merged = UpperTail(capacity: 40)
        for part in parts.shuffled(using: &random) { merged.merge(part) }
        #expect(merged.largest == whole.largest)
        #expect(whole.largest == Array(values.sorted(by: >).prefix(40)))
    }
}
