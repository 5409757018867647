import Foundation
import TopsailAnalysis

/// How far guesses agree with the truth. Everything is `nil` where it is undefined, never 0.
package enum Agreement {
    /// Pearson's correlation over all pairs of all contexts joined; for 0 and 1 on both sides the phi coefficient.
    package static func correlation(_ contexts: [ContextGuess]) -> Double? {
        var sums = PearsonSums()
        for context in contexts {
            for (truth, guess) in zip(context.truth, context.guess) { sums.add(truth, guess) }
        }
        return sums.correlation
    }

    /// `1 − mean((s − ŝ)²) / mean(s²)`, not centred (Bills et al. 2023).
    package static func explainedVariance(_ contexts: [ContextGuess]) -> Double? {
        ratio(contexts) { pow($0, 2) }
    }

    /// `1 − mean|s − ŝ| / mean|s|`.
    package static func explainedDeviation(_ contexts: [ContextGuess]) -> Double? {
        ratio(contexts) { abs($0) }
    }

    private static func ratio(_ contexts: [ContextGuess], _ measure: (Double) -> Double) -> Double? {
        var missed = 0.0
        var all = 0.0
        for context in contexts {
            for (truth, guess) in zip(context.truth, context.guess) {
                missed += measure(truth - guess)
                all += measure(truth)
            }
        }
        return all > 0 ? 1 - missed / all : nil
    }
}

/// What a simulator guessed of one context, beside the truth: by token, by segment, or one pair for the whole of it.
package struct ContextGuess: Sendable, Hashable {
    package var truth: [Double]
    package var guess: [Double]

    package init(truth: [Double], guess: [Double]) {
        precondition(truth.count == guess.count, "a guess for each true value")
        self.truth = truth
        self.guess = guess
    }
}

/// Guesses cut at one half against what is true.
package struct Confusion: Sendable, Hashable {
    package private(set) var truePositives = 0
    package private(set) var falsePositives = 0
    package private(set) var trueNegatives = 0
    package private(set) var falseNegatives = 0

    package init() {}

    package init(_ contexts: [ContextGuess]) {
        for context in contexts {
            for (truth, guess) in zip(context.truth, context.guess) { add(truth: truth > 0.5, guess: guess >= 0.5) }
        }
    }

    mutating func add(truth: Bool, guess: Bool) {
        switch (truth, guess) {
        case (true, true): truePositives += 1
        case (true, false): falseNegatives += 1
        case (false, true): falsePositives += 1
        case (false, false): trueNegatives += 1
        }
    }

    /// `½ (TP / P + TN / N)`; `nil` when one side is empty.
    package var balancedAccuracy: Double? {
        let positives = truePositives + falseNegatives
        let negatives = trueNegatives + falsePositives
        guard positives > 0, negatives > 0 else { return nil }
        return (Double(truePositives) / Double(positives) + Double(trueNegatives) / Double(negatives)) / 2
    }

    /// 0 where its denominator is.
    package var f1: Double {
        let denominator = 2 * truePositives + falsePositives + falseNegatives
        return denominator > 0 ? 2 * Double(truePositives) / Double(denominator) : 0
    }

    /// `(TP·TN − FP·FN) / √((TP+FP)(TP+FN)(TN+FP)(TN+FN))`; `nil` when a margin is 0.
    package var phi: Double? {
        let margins = [
            truePositives + falsePositives, truePositives + falseNegatives, trueNegatives + falsePositives,
            trueNegatives + falseNegatives,
        ]
        guard margins.allSatisfy({ $0 > 0 }) else { return nil }
        let product = margins.reduce(1.0) { $0 * Double($1) }
        let difference =
            Double(truePositives) * Double(trueNegatives) - Double(falsePositives) * Double(falseNegatives)
        return difference / product.squareRoot()
    }
}

/// Measures of order.
public enum RankAgreement {
    /// Ranks from 1; equal values share the mean of theirs.
    package static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
            for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
            start = end + 1
        }
        return ranks
    }

    /// Spearman's rank correlation; `nil` for fewer than three pairs or when one side is constant.
    public static func spearman(_ pairs: [(Double, Double)]) -> Double? {
        guard pairs.count >= 3 else { return nil }
        var sums = PearsonSums()
        for (a, b) in zip(ranks(pairs.map(\.0)), ranks(pairs.map(\.1))) { sums.add(a, b) }
        return sums.correlation
    }

    /// Area under the ROC curve, ties counting half; `nil` when one side is empty.
    package static func auc(positives: [Double], negatives: [Double]) -> Double? {
        guard !positives.isEmpty, !negatives.isEmpty else { return nil }
        let ranks = ranks(positives + negatives).prefix(positives.count)
        let n = Double(positives.count)
        return (ranks.reduce(0, +) - n * (n + 1) / 2) / (n * Double(negatives.count))
    }
}
