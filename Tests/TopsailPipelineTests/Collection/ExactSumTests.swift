import Testing
import TopsailPipeline
import TopsailTestSupport

@Suite("Sums of activations") struct ExactSumTests {
    private func sum(_ values: some Sequence<Float>) -> ExactSum {
        var sum = ExactSum()
        for value in values { sum.add(value) }
        return sum
    }

    @Test("values of any size that matters are added exactly")
    func exact() {
        #expect(sum([0x1p-17, 0x1.FFFFFEp0, 0x1p39]).value == 0x1p39 + 0x1.FFFFFEp0 + 0x1p-17)
        #expect(sum([Float](repeating: 0.1, count: 1000)).value == Double(Float(0.1)) * 1000)
        #expect(sum([]).value == 0)
        #expect(sum([.leastNonzeroMagnitude]).value == 0)
        #expect(sum([0x1p-41]).value == 0x1p-40)
    }

    @Test("order and grouping do not matter, though they do for doubles", arguments: 1...8)
    func order(seed: UInt64) {
        var random = TopsailTestSupport.SeededGenerator(seed: seed)
        let values = (0..<3000).map { _ in
            let scale = Float(sign: .plus, exponent: .random(in: -30...35, using: &random), significand: 1)
            return Float.random(in: 0.5...1, using: &random) * scale
        }
        let whole = sum(values)
        let shuffled = values.shuffled(using: &random)
        let cut = Int.random(in: 1..<2999, using: &random)
        var parts = sum(shuffled[cut...])
        parts.add(sum(shuffled[..<cut]))
        #expect(parts == whole)
        #expect(abs(whole.value / values.reduce(0) { $0 + Double($1) } - 1) < 1e-9)
    }

    @Test("a sum that is full stays so")
    func full() {
        let infinite = sum([Float](repeating: .infinity, count: 70_000))
        #expect(infinite.value.isFinite)
        #expect(infinite == sum([Float](repeating: .infinity, count: 80_000)))
    }
}
