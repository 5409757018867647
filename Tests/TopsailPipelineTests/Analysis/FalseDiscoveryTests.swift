import Testing
import TopsailAnalysis

@Suite("False discovery") struct FalseDiscoveryTests {
    @Test("q-values are those of Benjamini and Hochberg, in the order of the tests")
    func values() {
        // p · n / rank, made monotone from the largest down.
        let found = FalseDiscovery.qValues([0.04, 0.01, 0.03, 0.005])
        let expected = [0.04, 0.02, 0.04, 0.02]
        for (found, expected) in zip(found, expected) { #expect(abs(found - expected) < 1e-12) }
    }

    @Test("no test gives no value, and none is above 1")
    func edges() {
        #expect(FalseDiscovery.qValues([]).isEmpty)
        #expect(FalseDiscovery.qValues([1, 0.9]) == [1, 1])
    }
}
