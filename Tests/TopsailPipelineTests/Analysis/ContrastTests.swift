import Testing
import TopsailAnalysis

@Suite("Concept contrast") struct ContrastTests {
    @Test("L0 and I_CDF agree with the reference values")
    func metrics() {
        let frequencies = [0, 0, 0.1, 0.25, 0.25, 0.6, 0, 1]
        #expect(ContrastMetrics.l0(frequencies, threshold: 0.25) == 4)
        #expect(abs(ContrastMetrics.iCDF(frequencies) - 0.275) < 1e-12)
    }

    @Test("counts a pair only where one text is silent, and averages differences in the neuron's own units")
    func counting() {
        var contrast = ConceptContrast(concept: "violence.threat", dSAE: 3)
        contrast.add(present: [0: 4, 1: 2], absent: [1: 1], normalisers: [2, 1, 1])
        contrast.add(present: [0: 2], absent: [2: 3], normalisers: [2, 1, 1])
        #expect(contrast.pairs == 2)
        #expect(contrast.frequency == [1, 0, 0])
        #expect(contrast.reverseFrequency == [0, 0, 0.5])
        #expect(contrast.effect == [1.5, 0.5, -1.5])
    }

    /// A concept in whose ten pairs neuron `i` fires on `present[i]` present and `absent[i]` absent texts, apart as far as can be.
    private func contrast(present: [Int], absent: [Int]) -> ConceptContrast {
        var contrast = ConceptContrast(concept: "c", dSAE: present.count)
        for pair in 0..<10 {
            let firing = present.indices.filter { pair < present[$0] }.map { (Int32($0), Float(1)) }
            let other = absent.indices.filter { pair >= 10 - absent[$0] }.map { (Int32($0), Float(1)) }
            contrast.add(
                present: Dictionary(uniqueKeysWithValues: firing), absent: Dictionary(uniqueKeysWithValues: other))
        }
        return contrast
    }

    @Test("chooses what fires far more often than on other texts, the surest first")
    func choosing() {
        // Neuron 1 is as frequent here as neuron 0, but fires on half of all other texts as well.
        let concept = contrast(present: [8, 8, 6, 2], absent: [0, 0, 0, 0])
        let others = (0..<30).map { _ in contrast(present: [0, 5, 0, 0], absent: [0, 5, 0, 0]) }
        let background = ContrastBackground([concept] + others)
        var selection = ContrastSelection()
        selection.minimumFrequency = 0.25
        selection.falseDiscoveryRate = 0.01
        let choices = selection.choose(concept, background: background)
        #expect(choices.map(\.neuron) == [0, 2])
        // Two pairs in ten are enough where a lower share and more chance are let in.
        selection.minimumFrequency = 0.15
        selection.falseDiscoveryRate = 0.05
        #expect(Set(selection.choose(concept, background: background).map(\.neuron)).isSuperset(of: [0, 2, 3]))
        #expect(choices[0].frequency == 0.8)
    }

    @Test("a neuron that also fires the wrong way round is not the concept's")
    func reversed() {
        let concept = contrast(present: [5], absent: [5])
        let others = (0..<30).map { _ in contrast(present: [0], absent: [0]) }
        #expect(ContrastSelection().choose(concept, background: ContrastBackground([concept] + others)).isEmpty)
    }

    @Test("tails of the binomial distribution")
    func binomial() {
        #expect(BinomialTail.upper(0, of: 5, probability: 0.1) == 1)
        #expect(abs(BinomialTail.upper(1, of: 3, probability: 0.5) - 0.875) < 1e-12)
        #expect(abs(BinomialTail.upper(10, of: 10, probability: 0.5) - 1 / 1024) < 1e-12)
        #expect(BinomialTail.upper(6, of: 5, probability: 0.5) == 0)
    }
}
