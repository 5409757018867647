import Foundation
import Testing
import TopsailPipeline

/// Values computed separately.
@Suite("Agreement of guesses with the truth") struct AgreementTests {
    private let first = ContextGuess(truth: [0, 0, 3, 8], guess: [0, 1, 4, 10])
    private let second = ContextGuess(truth: [0, 2, 0, 0], guess: [0, 1, 1, 0])

    private func isNear(_ value: Double?, _ expected: Double) -> Bool { abs((value ?? .nan) - expected) < 1e-6 }

    @Test("correlation is over all contexts joined, not the mean of each one's")
    func correlation() {
        #expect(isNear(Agreement.correlation([first]), 0.995852))
        #expect(isNear(Agreement.correlation([second]), 0.577350))
        #expect(isNear(Agreement.correlation([first, second]), 0.975403))
    }

    @Test("explained variance and deviation are not centred")
    func explained() {
        #expect(isNear(Agreement.explainedVariance([first]), 0.917808))
        #expect(isNear(Agreement.explainedDeviation([first]), 0.636364))
    }

    @Test("a constant side leaves the correlation undefined, which is not 0")
    func undefined() {
        #expect(Agreement.correlation([ContextGuess(truth: [0, 1, 2], guess: [0, 0, 0])]) == nil)
        #expect(Agreement.correlation([ContextGuess(truth: [1, 1, 1], guess: [0, 1, 2])]) == nil)
        #expect(Agreement.correlation([ContextGuess(truth: [1], guess: [1])]) == nil)
        #expect(Agreement.explainedVariance([ContextGuess(truth: [0, 0], guess: [1, 0])]) == nil)
    }

    @Test("for 0 and 1 the correlation is the phi coefficient")
    func phi() {
        let guess = ContextGuess(truth: [1, 0, 1, 1], guess: [1, 0, 1, 0])
        #expect(isNear(Agreement.correlation([guess]), 0.577350))
        #expect(isNear(Confusion([guess]).phi, 0.577350))
        #expect(Confusion([ContextGuess(truth: [1, 0], guess: [0, 0])]).phi == nil)
    }

    @Test("balanced accuracy and F1 of ten contexts each")
    func detection() {
        let guess = ContextGuess(
            truth: Array(repeating: 1, count: 10) + Array(repeating: 0, count: 10),
            guess: Array(repeating: 1, count: 8) + [0, 0] + Array(repeating: 0, count: 6)
                + Array(repeating: 1, count: 4))
        #expect(isNear(Confusion([guess]).balancedAccuracy, 0.7))
        #expect(isNear(Confusion([guess]).f1, 0.727273))
        #expect(Confusion([ContextGuess(truth: [1, 1], guess: [1, 0])]).balancedAccuracy == nil)
    }

    @Test("levels are whole numbers from 0 to 10")
    func levels() {
        #expect([0, 0.4, 3.9, 7.99, 8].map { ActivationLevel.of($0, maximum: 8) } == [0, 0, 4, 9, 10])
        #expect(ActivationLevel.of(3, maximum: 0) == 0)
        #expect(ActivationLevel.of(-3, maximum: 8) == 0)
    }

    @Test("ranks of equal values are the mean of their places")
    func ranks() {
        #expect(RankAgreement.ranks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2])
        #expect(RankAgreement.spearman([(1, 2), (2, 4), (3, 9), (4, 16)]) == 1)
        // 1 − 6 · 6 / (5 · 24)
        #expect(isNear(RankAgreement.spearman([(1, 2), (2, 1), (3, 5), (4, 3), (5, 4)]), 0.6))
        #expect(RankAgreement.spearman([(1, 2), (2, 3)]) == nil)
        #expect(RankAgreement.auc(positives: [0.9, 0.4], negatives: [0.4, 0.1]) == 0.875)
        #expect(RankAgreement.auc(positives: [], negatives: [0.4]) == nil)
    }

    @Test("an interval holds its value, is the same for a seed, and is wider for fewer contexts")
    func bootstrap() throws {
        let values = (0..<64).map { Double($0 % 8) }
        func mean(_ values: [Double]) -> Double? { values.reduce(0, +) / Double(values.count) }
        let wide = try #require(Bootstrap.interval(Array(values.prefix(8)), mean))
        let narrow = try #require(Bootstrap.interval(values, mean))
        #expect(wide.contains(3.5) && narrow.contains(3.5))
        #expect(wide.upperBound - wide.lowerBound > 1.5 * (narrow.upperBound - narrow.lowerBound))
        #expect(Bootstrap.interval(values, mean) == narrow)
        #expect(Bootstrap.interval([1.0], mean) == nil)
        #expect(Bootstrap.interval(values) { _ in nil } == nil)
    }
}
