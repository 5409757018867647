/// What scoring would take, from texts of the length that test contexts have.
public enum ScoringForecast {
    /// - Parameters:
    ///   - passages: Texts of contexts of the neuron, to stand in for held-out ones, which are not read only to be counted.
    ///   - simulator: One whose model only counts.
    public static func count(
        _ candidate: ScoringRun.Candidate, passages: [[String]], options: TestSet.Options, scorers: [Scorer],
        simulator: any ActivationSimulator
    ) throws -> [Scorer: AskingCost] {
        guard !passages.isEmpty else { return [:] }
        let count = options.top + options.middle
        let contexts = (0..<count + options.silent).map { index in
            let texts = passages[index % passages.count].prefix(options.length)
            // One token in each context is as good as any other for a cost.
            let isActive = index < count
            return TestContext(
                kind: isActive ? .top : .silent, document: index, start: 0, tokens: texts.map { _ in 0 },
                texts: Array(texts), activations: texts.indices.map { isActive && $0 == 0 ? 1 : 0 })
        }
        var costs: [Scorer: AskingCost] = [:]
        for scorer in scorers {
            let before = simulator.cost
            let tasks = scorer.tasks(NeuronTest(contexts: contexts, maximum: 1))
            for start in stride(from: 0, to: tasks.count, by: scorer.grain.passagesAtOnce) {
                let batch = tasks[start..<min(start + scorer.grain.passagesAtOnce, tasks.count)]
                _ = try simulator.simulate(
                    TestedExplanation(neuron: candidate.index, text: candidate.text), batch.map(\.passage),
                    grain: scorer.grain)
            }
            costs[scorer] = simulator.cost - before
        }
        return costs
    }
}
