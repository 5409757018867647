import TopsailCore

/// Segment-level against token-level simulation on the same neurons: whether they put explanations in the same order, and
/// what each costs.
public struct ScorerComparison: Sendable, Hashable {
    /// Neurons that both scored.
    public var neurons: Int
    /// Spearman's correlation of the two scores; `nil` for too few neurons.
    public var rankCorrelation: Double?
    /// The middle 95 % of it on draws of neurons.
    public var interval: ClosedRange<Double>?
    /// Tokens of the second for each of the first; `nil` where the first took none.
    public var tokenRatio: Double?
    public var callRatio: Double?

    public init(_ outcome: ScoringRun.Outcome, _ first: Scorer = .simulation, _ second: Scorer = .segment) {
        func scores(_ scorer: Scorer) -> [String: Double] {
            Dictionary(
                outcome.entries.filter { $0.scorer == scorer }.compactMap { entry in
                    entry.result.score.map { ("\(entry.id) \(entry.source)", $0.value) }
                }
            ) { $1 }
        }
        let others = scores(second)
        let pairs = scores(first).sorted { $0.key < $1.key }.compactMap { key, value in others[key].map { (value, $0) }
        }
        neurons = pairs.count
        rankCorrelation = RankAgreement.spearman(pairs)
        interval = Bootstrap.interval(pairs) { RankAgreement.spearman($0) }
        let costs = (outcome.costs[first] ?? AskingCost(), outcome.costs[second] ?? AskingCost())
        func ratio(_ part: (AskingCost) -> Int) -> Double? {
            part(costs.0) > 0 ? Double(part(costs.1)) / Double(part(costs.0)) : nil
        }
        tokenRatio = ratio { $0.tokens + $0.cachedTokens }
        callRatio = ratio { $0.calls + $0.cachedCalls }
    }
}
