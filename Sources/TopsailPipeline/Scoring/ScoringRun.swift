import TopsailCatalog
import TopsailCore

/// Scores explanations with one simulator and writes the scores to the catalog, a few at a time.
public struct ScoringRun {
    /// An explanation of a neuron in the catalog.
    public struct Candidate: Sendable {
        public var id: NeuronID
        public var sae: String
        public var index: Int
        /// Whose explanation.
        public var source: String
        public var text: String
        /// The neuron's largest activation in its corpus.
        public var maximum: Float
        /// Scores that it has.
        public var scores: [ExplanationScore]

        /// The explanation by a source, the one that is shown when `nil`; `nil` where there are no words.
        public init?(_ neuron: NeuronDetail, source: String?) {
            let explanation = neuron.explanations.first {
                $0.text != nil && $0.source == source ?? neuron.row.explanationSource
            }
            guard let explanation, let text = explanation.text else { return nil }
            id = neuron.id
            sae = neuron.sae.name
            index = neuron.row.index
            self.source = explanation.source
            self.text = text
            maximum = neuron.statistics.maxActivation ?? 0
            scores = explanation.scores
        }
    }

    public struct Entry: Sendable {
        public var id: NeuronID
        public var source: String
        public var scorer: Scorer
        /// Name under which it is stored.
        public var name: String
        public var result: ScoringResult
    }

    public struct Outcome: Sendable {
        public var entries: [Entry] = []
        /// Scores of this scorer, simulator and test set that were there.
        public var skipped = 0
        /// By scorer.
        public var costs: [Scorer: AskingCost] = [:]
        /// What ended the run before its end; what was done until then is written.
        public var interruption: (any Error)?

        public init() {}
    }

    public var scorers: [Scorer]
    public var simulator: any ActivationSimulator
    public var testSet: TestSet
    /// Scores again what has been scored on this test set.
    public var again = false
    /// Seconds after which what is new is written.
    public var writePause = 20.0

    public init(scorers: [Scorer], simulator: any ActivationSimulator, testSet: TestSet) {
        self.scorers = scorers
        self.simulator = simulator
        self.testSet = testSet
    }

    /// - Parameter noted: Called with every result as it comes, failures among them.
    /// - Throws: What the catalog throws.
    public func run(
        _ candidates: [Candidate], into catalog: Catalog, isCancelled: () -> Bool = { false },
        noted: (Entry) throws -> Void = { _ in }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> Outcome {
        var outcome = Outcome()
        var pending = PendingScores(catalog, pause: writePause)
        for (done, candidate) in candidates.enumerated() where outcome.interruption == nil {
            progress(done, candidates.count)
            let test = testSet.test(of: candidate.index, maximum: candidate.maximum)
            for scorer in scorers {
                let scoring = ExplanationScoring(scorer: scorer, simulator: simulator, testSet: testSet.id)
                if !again, isScored(candidate, scoring.name) {
                    outcome.skipped += 1
                    continue
                }
                let before = simulator.cost
                do {
                    if isCancelled() { throw CancellationError() }
                    let result = try scoring.score(
                        TestedExplanation(neuron: candidate.index, text: candidate.text), on: test)
                    let entry = Entry(
                        id: candidate.id, source: candidate.source, scorer: scorer, name: scoring.name, result: result)
                    if let score = result.score { pending.add(score, to: candidate) }
                    outcome.entries.append(entry)
                    try noted(entry)
                } catch {
                    outcome.interruption = error
                }
                outcome.costs[scorer, default: AskingCost()] =
                    (outcome.costs[scorer] ?? AskingCost()) + (simulator.cost - before)
                if outcome.interruption != nil { break }
            }
            try pending.writeIfDue()
        }
        try pending.write()
        return outcome
    }

    private func isScored(_ candidate: Candidate, _ name: String) -> Bool {
        candidate.scores.contains { $0.scorer == name && $0.details?.contains(testSet.id) == true }
    }
}

/// Scores that are not written yet.
private struct PendingScores {
    private struct Place: Hashable {
        var sae: String
        var source: String
        var scorer: String
    }

    private let catalog: Catalog
    private let pause: Double
    private var scores: [Place: [Int: ExplanationScore]] = [:]
    private var lastWritten = ContinuousClock.now

    init(_ catalog: Catalog, pause: Double) {
        self.catalog = catalog
        self.pause = pause
    }

    mutating func add(_ score: ExplanationScore, to candidate: ScoringRun.Candidate) {
        let place = Place(sae: candidate.sae, source: candidate.source, scorer: score.scorer)
        scores[place, default: [:]][candidate.index] = score
    }

    mutating func writeIfDue() throws {
        if ContinuousClock.now - lastWritten > .seconds(pause) { try write() }
    }

    mutating func write() throws {
        for (sae, places) in Dictionary(grouping: scores, by: \.key.sae) {
            try catalog.updateDerived(sae: sae) { writer in
                for (place, scores) in places { try writer.addScores(scores, forSource: place.source) }
            }
        }
        scores = [:]
        lastWritten = .now
    }
}
