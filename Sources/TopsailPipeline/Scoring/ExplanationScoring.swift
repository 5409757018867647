import Foundation
import TopsailCatalog

/// What scoring came to: a score, or why there is none. A failure is not a low score.
public enum ScoringResult: Sendable, Hashable {
    case score(ExplanationScore)
    case failed(why: String)

    public var score: ExplanationScore? { if case .score(let score) = self { score } else { nil } }
    public var failure: String? { if case .failed(let why) = self { why } else { nil } }
}

/// Scores one explanation with one scorer and one simulator.
package struct ExplanationScoring {
    package let scorer: Scorer
    package let simulator: any ActivationSimulator
    package let testSet: String

    package init(scorer: Scorer, simulator: any ActivationSimulator, testSet: String) {
        self.scorer = scorer
        self.simulator = simulator
        self.testSet = testSet
    }

    /// Scores are stored by it: another simulator's scores are not comparable and stand beside.
    var name: String { "\(scorer.rawValue):\(simulator.name)" }

    package func score(_ explanation: TestedExplanation, on test: NeuronTest) throws -> ScoringResult {
        if let problem = test.problem { return .failed(why: problem) }
        let tasks = scorer.tasks(test)
        guard !tasks.isEmpty else { return .failed(why: "there is nothing to mark wrongly in its contexts") }
        let guesses = try guesses(explanation, tasks)
        let read = zip(tasks, guesses).compactMap { task, guess in
            guess.map { ContextGuess(truth: task.truth, guess: $0) }
        }
        guard read.count * 2 >= tasks.count else {
            return .failed(why: "\(tasks.count - read.count) of \(tasks.count) answers could not be read")
        }
        guard let value = scorer.value(read) else { return .failed(why: Self.whyUndefined(read)) }
        let interval = Bootstrap.interval(read) { scorer.value($0) }
        return .score(
            ExplanationScore(
                scorer: name, value: value, samples: read.reduce(0) { $0 + $1.truth.count },
                low: interval?.lowerBound, high: interval?.upperBound,
                details: details(read, unread: tasks.count - read.count)))
    }

    private func guesses(_ explanation: TestedExplanation, _ tasks: [ScoringTask]) throws -> [[Double]?] {
        try stride(from: 0, to: tasks.count, by: scorer.grain.passagesAtOnce).flatMap { start in
            let batch = tasks[start..<min(start + scorer.grain.passagesAtOnce, tasks.count)]
            return try simulator.simulate(explanation, batch.map(\.passage), grain: scorer.grain)
        }
    }

    private static func whyUndefined(_ contexts: [ContextGuess]) -> String {
        let guesses = Set(contexts.flatMap(\.guess))
        if guesses.count <= 1 {
            return "the simulation is the same everywhere" + (guesses.first.map { " (\(figure($0)))" } ?? "")
        }
        return "what is true is the same everywhere"
    }

    /// Beside the score: what else the same guesses tell, and where it is from.
    private func details(_ contexts: [ContextGuess], unread: Int) -> String {
        var parts = ["simulator \(simulator.name)", "test set \(testSet)", "\(contexts.count) contexts"]
        if unread > 0 { parts.append("\(unread) left out, their answers could not be read") }
        switch scorer {
        case .simulation:
            parts += [
                ("explained variance", Agreement.explainedVariance(contexts)),
                ("explained deviation", Agreement.explainedDeviation(contexts)),
            ].compactMap { name, value in value.map { "\(name) \(Self.figure($0))" } }
        case .segment, .detection, .fuzzing:
            let confusion = Confusion(contexts)
            parts.append(
                "TP \(confusion.truePositives), FP \(confusion.falsePositives), TN \(confusion.trueNegatives), "
                    + "FN \(confusion.falseNegatives)")
            parts.append("F1 \(Self.figure(confusion.f1))")
            let pairs = contexts.flatMap { zip($0.truth, $0.guess) }
            let auc = RankAgreement.auc(
                positives: pairs.filter { $0.0 > 0.5 }.map(\.1), negatives: pairs.filter { $0.0 <= 0.5 }.map(\.1))
            if let auc { parts.append("AUC \(Self.figure(auc))") }
            if scorer == .segment, let accuracy = confusion.balancedAccuracy {
                parts.append("balanced accuracy \(Self.figure(accuracy))")
            }
        }
        return parts.joined(separator: "; ")
    }

    private static func figure(_ value: Double) -> String { String(format: "%.3f", value) }
}
