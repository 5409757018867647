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

    /// A contrast in which neuron `i` tells apart `forward[i]` of ten pairs, and `backward[i]` the wrong way round.
    private func contrast(forward: [Int], backward: [Int]) -> ConceptContrast {
        var contrast = ConceptContrast(concept: "c", dSAE: forward.count)
        for pair in 0..<10 {
            var present: [Int32: Float] = [:]
            var absent: [Int32: Float] = [:]
            for neuron in forward.indices {
                if pair < forward[neuron] { present[Int32(neuron)] = 1 }
                if pair >= 10 - backward[neuron] { absent[Int32(neuron)] = 1 }
            }
            contrast.add(present: present, absent: absent)
        }
        return contrast
    }

    @Test("chooses frequent neurons, best first")
    func choosing() {
        let choices = ContrastSelection().choose(
            contrast(forward: [9, 2, 5, 4, 0], backward: [0, 0, 0, 1, 0]))
        #expect(choices.map(\.neuron) == [0, 2, 3])
        #expect(choices[0].net == 0.9)
    }

    @Test("raises the bar until few enough of the chosen are there by chance")
    func chance() {
        // Three neurons at +0.3 against three at -0.3 are chance; the one at +0.8 is not.
        let choices = ContrastSelection().choose(
            contrast(forward: [8, 3, 3, 3, 0, 0, 0], backward: [0, 0, 0, 0, 3, 3, 3]))
        #expect(choices.map(\.neuron) == [0])
    }

    @Test("chooses nothing where nothing but chance is to be seen")
    func nothing() {
        #expect(ContrastSelection().choose(contrast(forward: [5, 0], backward: [0, 5])).isEmpty)
    }
}
