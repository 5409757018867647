import Testing
import TopsailAnalysis
import TopsailCore

@Suite("Which neurons fire together") struct CoactivationTests {
    private func feature(_ index: Int, _ value: Float = 1) -> ActiveFeature {
        ActiveFeature(index: Int32(index), value: value)
    }

    @Test("the Jaccard index of counts over tokens: 1000 tokens, 50 and 60 of them, 30 in common")
    func jaccard() {
        let tokens = (0..<1000).map { token -> [ActiveFeature] in
            var features: [ActiveFeature] = []
            if token < 50 { features.append(feature(0)) }
            if (20..<80).contains(token) { features.append(feature(2)) }
            return features
        }
        let partners = Coactivation(dSAE: 3, tokens: tokens).partners(count: 5)
        for (neuron, other) in [(0, 2), (2, 0)] {
            #expect(partners[neuron].map(\.index) == [other])
            #expect(partners[neuron].map(\.tokens) == [30] && partners[neuron].map(\.jaccard) == [0.375])
        }
        #expect(partners[1].isEmpty)
    }

    @Test("few tokens in common are chance, and a value of zero is no firing")
    func chance() {
        let tokens =
            Array(repeating: [feature(0), feature(1)], count: 4)
            + Array(repeating: [feature(0), feature(1, 0)], count: 9)
        #expect(Coactivation(dSAE: 2, tokens: tokens).partners(count: 5).map(\.count) == [0, 0])
        let more = tokens + [[feature(0), feature(1)]]
        #expect(Coactivation(dSAE: 2, tokens: more).partners(count: 5)[1].map(\.tokens) == [5])
    }

    @Test("the closest come first, as many as asked for")
    func order() {
        var tokens = Array(repeating: [feature(3), feature(1), feature(2)], count: 10)
        tokens += Array(repeating: [feature(1)], count: 30)
        tokens += Array(repeating: [feature(0), feature(3)], count: 5)
        let partners = Coactivation(dSAE: 4, tokens: tokens).partners(count: 2)
        #expect(partners[3].map(\.index) == [2, 0])
        #expect(partners[3].map(\.tokens) == [10, 5])
    }
}
