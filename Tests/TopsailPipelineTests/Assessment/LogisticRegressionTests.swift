import Testing
import TopsailAnalysis

@Suite struct LogisticRegressionTests {
    private let examples = (0..<24).map { (i: Int) -> LogisticRegression.Example in
        let first = Double(i * 7 % 5) / 5
        let second = Double(i * 3 % 7) / 7
        let third = i % 4 == 0 ? 1.0 : 0
        let features = [first, second, third].enumerated().filter { $1 != 0 }.map { (index: $0, value: $1) }
        return LogisticRegression.Example(
            features: features, isPositive: i * 7 % 5 + i % 3 >= 3, weight: Double(1 + i % 3))
    }

    /// scikit-learn 1.x, `LogisticRegression(C=0.5, solver="lbfgs", tol=1e-12)` with the same sample weights.
    @Test func findsTheMinimumThatScikitLearnFinds() {
        var regression = LogisticRegression(strength: 0.5)
        regression.rounds = 500
        regression.tolerance = 1e-10
        let fit = regression.fit(examples, width: 3)
        let expected: [Double] = [1.684_862_1, 0.458_279_24, 0.104_832_83, -0.171_704_49]
        for (found, wanted) in zip(fit.weights + [fit.bias], expected) {
            let difference: Double = found - wanted
            #expect(abs(difference) < 1e-5)
        }
    }

    @Test func keepsWeightsAboveZeroWhereAsked() {
        let turned = examples.map { example in
            LogisticRegression.Example(
                features: example.features, isPositive: !example.isPositive, weight: example.weight)
        }
        let fit = LogisticRegression(strength: 0.5, isNonNegative: true).fit(turned, width: 3)
        #expect(fit.weights[0] == 0)
        #expect(fit.weights.allSatisfy { $0 >= 0 })
    }

    @Test func leavesAFeatureThatIsNowhereAtZero() {
        #expect(LogisticRegression(strength: 1).fit(examples, width: 5).weights[3...] == [0, 0])
    }
}
