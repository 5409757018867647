import Testing
import TopsailAnalysis

@Suite("Correlation from sums") struct PearsonSumsTests {
    private func sums(_ x: [Double], _ y: [Double]) -> PearsonSums {
        var sums = PearsonSums()
        for (a, b) in zip(x, y) { sums.add(a, b) }
        return sums
    }

    @Test("agrees with the reference values, apart and joined")
    func reference() throws {
        let first = sums([0, 0, 3, 8], [0, 1, 4, 10])
        let second = sums([0, 2, 0, 0], [0, 1, 1, 0])
        #expect(abs(try #require(first.correlation) - 0.995852) < 1e-6)
        #expect(abs(try #require(second.correlation) - 0.577350) < 1e-6)
        var joined = first
        joined.merge(second)
        #expect(abs(try #require(joined.correlation) - 0.975403) < 1e-6)
    }

    @Test("is undefined, not zero, when a series is constant")
    func constant() {
        #expect(sums([1, 1, 1], [0, 1, 2]).correlation == nil)
        #expect(sums([0, 1, 2], [5, 5, 5]).correlation == nil)
        #expect(sums([1], [1]).correlation == nil)
    }
}
