import Testing
import TopsailAnalysis

@Suite("Evidence of one neuron") struct ContrastEvidenceTests {
    @Test("effect size is the mean difference over its standard deviation")
    func effectSize() {
        // Differences 1, 2, 3: mean 2, variance (1 + 0 + 1) / 2.
        let evidence = ContrastEvidence(present: [2, 2, 4], absent: [1, 0, 1])
        #expect(evidence.effectSize == 2)
        #expect(abs(evidence.meanPresent - 8.0 / 3) < 1e-6)
        #expect(abs(evidence.meanAbsent - 2.0 / 3) < 1e-6)
        #expect(ContrastEvidence(present: [2], absent: [1]).effectSize == nil)
        #expect(ContrastEvidence(present: [2, 3], absent: [1, 2]).effectSize == nil)
    }

    @Test("AUROC counts all present and absent texts against each other, and chance exchanges them within pairs")
    func exchanged() throws {
        // 3 > 0, 3 > 2, 1 > 0, 1 < 2: three of four.
        let evidence = ContrastEvidence(present: [3, 1], absent: [0, 2])
        #expect(evidence.auroc == 0.75)
        // The four exchanges give {3, 1}, {0, 1}, {3, 2}, {0, 2} as the present side: 3/4, 0, 1 and 1/4.
        let exchanged = try #require(evidence.exchanged)
        #expect(abs(exchanged.mean - 0.5) < 1e-12)
        #expect(exchanged.limit == 1)
        #expect(ContrastEvidence(present: [], absent: []).auroc == nil)
        #expect(ContrastEvidence(present: [], absent: []).exchanged == nil)
    }

    @Test("many pairs are exchanged at random, the same way every time")
    func draws() throws {
        let present = (0..<70).map { Double($0 % 7) + 1 }
        let evidence = ContrastEvidence(present: present, absent: Array(repeating: 0, count: 70))
        #expect(evidence.auroc == 1)
        let exchanged = try #require(evidence.exchanged)
        #expect(abs(exchanged.mean - 0.5) < 1e-9)
        // With k of n pairs exchanged all values of a side are its texts: the limit is far from the neuron's own 1.
        #expect(exchanged.limit > 0.5 && exchanged.limit < 0.7)
        #expect(ContrastEvidence(present: present, absent: Array(repeating: 0, count: 70)) == evidence)
    }

    @Test("a half that chooses the neuron is not the one that judges it")
    func heldOut() throws {
        // Even pairs choose it; the odd ones, 0 against 1 and 2 against 0, judge it: 0 < 1, 0 = 0, 2 > 1, 2 > 0.
        let evidence = ContrastEvidence(present: [5, 0, 5, 2], absent: [0, 1, 0, 0])
        let heldOut = try #require(evidence.heldOut)
        #expect(heldOut.auroc == 0.625)
        #expect(heldOut.frequency == 0.5)
        // Both halves choose it, so both judge it.
        let both = try #require(ContrastEvidence(present: [5, 1, 5, 2], absent: [0, 0, 0, 0]).heldOut)
        #expect(both.auroc == 1 && both.frequency == 1)
        // No half does: it fires as often the other way round.
        #expect(ContrastEvidence(present: [1, 1, 0, 0], absent: [0, 0, 1, 1]).heldOut == nil)
        #expect(ContrastEvidence(present: [1], absent: [0]).heldOut == nil)
    }

    @Test("values come in the units of the effect, and the reversed contrast is the other side's")
    func units() {
        var contrast = ConceptContrast(concept: "c", dSAE: 2)
        contrast.add(present: [0: 4], absent: [1: 3], normalisers: [2, 1])
        contrast.add(present: [0: 2, 1: 1], absent: [:], normalisers: [2, 1])
        #expect(contrast.evidence(of: 0).present == [2, 1])
        #expect(contrast.evidence(of: 0).absent == [0, 0])
        let reversed = contrast.reversed
        #expect(reversed.frequency == [0, 0.5])
        #expect(reversed.reverseFrequency == [1, 0.5])
        #expect(reversed.effect == [-1.5, 1])
        #expect(reversed.evidence(of: 1).present == [3, 0])
        #expect(reversed.presentFired == [0, 1])
    }
}
