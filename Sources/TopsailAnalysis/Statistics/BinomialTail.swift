import Foundation

/// Tail probabilities of the binomial distribution.
public enum BinomialTail {
    /// `P(X >= successes)` for `trials` draws, each successful with `probability`.
    public static func upper(_ successes: Int, of trials: Int, probability: Double) -> Double {
        guard successes > 0 else { return 1 }
        guard successes <= trials else { return 0 }
        let sum = (successes...trials).reduce(0.0) { sum, count in
            let ways = lgamma(Double(trials) + 1) - lgamma(Double(count) + 1) - lgamma(Double(trials - count) + 1)
            return sum + exp(ways + Double(count) * log(probability) + Double(trials - count) * log1p(-probability))
        }
        return min(sum, 1)
    }
}
