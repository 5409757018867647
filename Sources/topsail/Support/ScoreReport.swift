import TopsailCore
import TopsailPipeline

/// What a run of scoring came to, over all SAEs.
struct ScoreReport {
    let simulator: String
    private(set) var testSets: [String] = []
    private(set) var outcome = ScoringRun.Outcome()

    init(simulator: String) { self.simulator = simulator }

    mutating func add(_ other: ScoringRun.Outcome, testSet: String) {
        if !testSets.contains(testSet) { testSets.append(testSet) }
        outcome.entries += other.entries
        outcome.skipped += other.skipped
        outcome.costs.merge(other.costs, uniquingKeysWith: +)
        outcome.interruption = other.interruption
    }

    func print(json: Bool, compares: Bool) {
        let comparison = compares ? ScorerComparison(outcome) : nil
        if json {
            StandardOutput.line(document(comparison).line)
        } else {
            printTable(comparison)
        }
    }

    // MARK: Figures

    private struct Summary {
        var scorer: Scorer
        /// Rising.
        var values: [Double]
        var failed: Int
        var cost: AskingCost

        var mean: Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
        var median: Double? { values.isEmpty ? nil : values[values.count / 2] }
        /// Over draws of neurons.
        var interval: ClosedRange<Double>? {
            Bootstrap.interval(values) { $0.reduce(0, +) / Double($0.count) }
        }
    }

    private var summaries: [Summary] {
        Scorer.allCases.compactMap { scorer in
            let own = outcome.entries.filter { $0.scorer == scorer }
            guard !own.isEmpty else { return nil }
            return Summary(
                scorer: scorer, values: own.compactMap { $0.result.score?.value }.sorted(),
                failed: own.count { $0.result.failure != nil }, cost: outcome.costs[scorer] ?? AskingCost())
        }
    }

    // MARK: Forms

    private func printTable(_ comparison: ScorerComparison?) {
        let rows = outcome.entries.map { entry in
            let score = entry.result.score
            return [
                entry.id.description, entry.source, entry.scorer.rawValue, Figures.short(score?.value),
                score?.low.map { "\(Figures.short($0)) … \(Figures.short(score?.high))" } ?? "–",
                entry.result.failure.map { "failed: \($0)" } ?? "",
            ]
        }
        if !rows.isEmpty {
            Columns.print([["neuron", "explained by", "scorer", "score", "95 %", ""]] + rows, rightAligned: [3])
        }
        for summary in summaries {
            let interval = summary.interval.map {
                " (95 %: \(Figures.short($0.lowerBound)) … \(Figures.short($0.upperBound)))"
            }
            StandardOutput.line(
                "\(summary.scorer.rawValue) by \(simulator): \(summary.values.count) scored, mean "
                    + "\(Figures.short(summary.mean))\(interval ?? ""), median \(Figures.short(summary.median)), "
                    + "\(summary.failed) failed; \(summary.cost.summary)")
        }
        if outcome.skipped > 0 { StandardOutput.line("\(outcome.skipped) had this score already") }
        if !testSets.isEmpty { StandardOutput.line("test set: \(testSets.joined(separator: ", "))") }
        guard let comparison else { return }
        let interval = comparison.interval.map {
            " (95 %: \(Figures.short($0.lowerBound)) … \(Figures.short($0.upperBound)))"
        }
        StandardOutput.line(
            "segment against simulation on \(comparison.neurons) neurons: rank correlation "
                + "\(Figures.short(comparison.rankCorrelation))\(interval ?? ""), tokens "
                + "\(Figures.percent(comparison.tokenRatio)), calls \(Figures.percent(comparison.callRatio))")
    }

    private func document(_ comparison: ScorerComparison?) -> JSONText {
        .object([
            "simulator": simulator, "test_sets": testSets, "skipped": outcome.skipped,
            "scorers": summaries.map { summary in
                JSONText.object([
                    "scorer": summary.scorer.rawValue, "scored": summary.values.count, "failed": summary.failed,
                    "mean": summary.mean, "mean_low": summary.interval?.lowerBound,
                    "mean_high": summary.interval?.upperBound, "median": summary.median,
                    "cost": summary.cost.document,
                ])
            },
            "neurons": outcome.entries.map { entry in
                let score = entry.result.score
                return JSONText.object([
                    "neuron": entry.id.description, "source": entry.source, "scorer": entry.scorer.rawValue,
                    "stored_as": entry.name, "value": score?.value, "low": score?.low, "high": score?.high,
                    "samples": score?.samples, "details": score?.details, "failure": entry.result.failure,
                ])
            },
            "comparison": comparison.map { comparison in
                JSONText.object([
                    "neurons": comparison.neurons, "rank_correlation": comparison.rankCorrelation,
                    "low": comparison.interval?.lowerBound, "high": comparison.interval?.upperBound,
                    "token_ratio": comparison.tokenRatio, "call_ratio": comparison.callRatio,
                ])
            },
        ])
    }
}
