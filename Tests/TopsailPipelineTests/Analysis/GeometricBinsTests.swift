import Testing
import TopsailAnalysis

@Suite("Geometric bins") struct GeometricBinsTests {
    @Test("a doubling is eight bins further", arguments: [Float(0.01), 0.5, 1.3, 900])
    func doubling(value: Float) {
        #expect(GeometricBins.index(of: 2 * value) == GeometricBins.index(of: value) + GeometricBins.perDoubling)
    }

    @Test("values beyond the range fall into the outermost bins")
    func range() {
        #expect(GeometricBins.index(of: 1e-30) == 0)
        #expect(GeometricBins.index(of: 1e30) == GeometricBins.count - 1)
    }
}
