import Testing
import TopsailCore
import TopsailSAE

@Suite("Quality of an SAE")
struct SAEQualityTests {
    static let inputs: [[Float]] = [[1, 2], [3, 4], [5, 0]]
    static let outputs: [[Float]] = [[1, 1], [3, 5], [4, 0]]
    static let codes: [[ActiveFeature]] = [
        [.init(index: 0, value: 2)], [.init(index: 0, value: 1), .init(index: 3, value: 0.5)], [],
    ]

    private func measure(_ tokens: Range<Int>) -> SAEQuality {
        var quality = SAEQuality(dOut: 2, dSAE: 4)
        for token in tokens {
            quality.add(Self.inputs[token], reconstruction: Self.outputs[token], features: Self.codes[token])
        }
        return quality
    }

    @Test("agrees with values worked out by hand")
    func byHand() {
        let quality = measure(0..<3)
        #expect(quality.tokens == 3)
        #expect(abs(quality.mse - 1) < 1e-12)
        #expect(abs(quality.explainedVariance - 0.8125) < 1e-12)
        #expect(abs(quality.fvu - 0.1875) < 1e-12)
        #expect(abs(quality.reconstructionBias - 1) < 1e-12)
        #expect(abs(quality.l0 - 1) < 1e-12)
        #expect(abs(quality.l1 - 3.5 / 3) < 1e-12)
        // 3/√10, 29/√(25·34), 1.
        #expect(abs(quality.cosine - (0.9486832981 + 0.9946917939 + 1) / 3) < 1e-9)
        #expect(quality.firings == [2, 0, 0, 1])
        #expect(quality.deadFraction == 0.5)
        #expect(quality.denseFraction(above: 0.5) == 0.25)
    }

    @Test("merged parts equal the whole")
    func merges() {
        var parts = measure(0..<1)
        parts.merge(measure(1..<3))
        let whole = measure(0..<3)
        #expect(parts.tokens == whole.tokens && parts.firings == whole.firings)
        #expect(abs(parts.explainedVariance - whole.explainedVariance) < 1e-12)
        #expect(abs(parts.cosine - whole.cosine) < 1e-12 && parts.l0 == whole.l0)
    }

    @Test("nothing counted and nothing varying are no division by zero")
    func degenerate() {
        let empty = SAEQuality(dOut: 2, dSAE: 4)
        #expect(empty.mse == 0 && empty.explainedVariance == 0 && empty.l0 == 0 && empty.deadFraction == 1)
        var constant = SAEQuality(dOut: 2, dSAE: 4)
        for _ in 0..<2 { constant.add([1, 1], reconstruction: [0, 0], features: []) }
        #expect(constant.explainedVariance == 0 && constant.cosine == 0)
    }
}
