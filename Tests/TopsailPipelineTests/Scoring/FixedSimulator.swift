import TopsailCatalog
import TopsailPipeline

/// Guesses by a rule; `nil` stands for an answer that cannot be read.
final class FixedSimulator: ActivationSimulator {
    let name = "fixed"
    private(set) var cost = AskingCost()
    private let guess: (_ part: [Float]) -> Double?

    /// - Parameter guess: Gets what is true of a part.
    init(_ guess: @escaping ([Float]) -> Double?) { self.guess = guess }

    func simulate(
        _ explanation: TestedExplanation, _ passages: [Passage], grain: SimulationGrain
    ) -> [[Double]?] {
        cost.calls += 1
        cost.tokensSent += passages.reduce(0) { $0 + $1.parts.count }
        return passages.map { passage in
            let guesses = passage.parts.map { part in
                guess(
                    part.filter { passage.marks.isEmpty || passage.marks.contains($0) }.map {
                        passage.context.activations[$0]
                    })
            }
            return guesses.contains(nil) ? nil : guesses.map { $0! }
        }
    }
}

/// One score.
enum Scored {
    static func by(_ simulator: FixedSimulator, test: NeuronTest, scorer: Scorer) throws -> ScoringResult {
        try ExplanationScoring(scorer: scorer, simulator: simulator, testSet: "t")
            .score(TestedExplanation(neuron: 0, text: "x"), on: test)
    }
}
