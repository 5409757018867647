import Testing
import TopsailCore
import TopsailPipeline

@Suite("Scoring token tables") struct TokenSimulationTests {
    /// Ten tokens in turn; neuron 0 fires 2 on token 3, neuron 1 fires 1 after token 5, neuron 2 fires once.
    private let heldOut = HeldOutFeatures(
        tokens: (1...100).map { place in
            var features: [ActiveFeature] = []
            if place % 10 == 3 { features.append(ActiveFeature(index: 0, value: 2)) }
            if (place - 1) % 10 == 5 { features.append(ActiveFeature(index: 1, value: 1)) }
            if place == 50 { features.append(ActiveFeature(index: 2, value: 1)) }
            return .init(token: TokenID(place % 10), previous: TokenID((place - 1) % 10), features: features)
        })

    @Test("a table that names the right token or the right token before is perfect")
    func perfect() {
        let scores = TokenSimulation.scores(
            of: [TokenTable(kind: .atToken, values: [3: 0.5]), TokenTable(kind: .afterToken, values: [5: 4])],
            on: frequent)
        #expect(abs(scores[0].correlation! - 1) < 1e-9)
        #expect(abs(scores[1].correlation! - 1) < 1e-9)
        #expect(scores[0].firings == 10)
        #expect(scores[0].tokens == 100)
    }

    /// Without the neuron that fires once.
    private var frequent: HeldOutFeatures {
        HeldOutFeatures(
            tokens: heldOut.tokens.map {
                .init(token: $0.token, previous: $0.previous, features: $0.features.filter { $0.index < 2 })
            })
    }

    @Test("naming a wrong token as well costs what Pearson says")
    func broad() {
        let scores = TokenSimulation.scores(
            of: [TokenTable(kind: .atToken, values: [3: 1, 4: 1]), nil], on: frequent)
        // One token in ten real, two in ten expected: cov 0.08, variances 0.09 and 0.16.
        #expect(abs(scores[0].correlation! - 0.08 / (0.09 * 0.16).squareRoot()) < 1e-9)
        #expect(scores[1].correlation == nil)
    }

    @Test("no score for a neuron that fires too rarely, or a table that expects nothing")
    func undefined() {
        let scores = TokenSimulation.scores(
            of: [TokenTable(kind: .atToken, values: [99: 1]), nil, TokenTable(kind: .atToken, values: [0: 1])],
            on: heldOut)
        #expect(scores.map(\.correlation) == [nil, nil, nil])
        #expect(scores[2].firings == 1)
    }
}
