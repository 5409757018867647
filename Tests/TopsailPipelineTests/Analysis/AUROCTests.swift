import Testing
import TopsailAnalysis

@Suite struct AUROCTests {
    @Test func countsPairsInOrderAndHalfTheTies() {
        // Of six pairs the positive is higher in four and equal in one.
        #expect(AUROC.value(positives: [3, 1], negatives: [0, 1, 2]) == 4.5 / 6)
        #expect(AUROC.value(positives: [2], negatives: [1]) == 1)
        #expect(AUROC.value(positives: [1, 1], negatives: [1]) == 0.5)
        #expect(AUROC.value(positives: [], negatives: [1]) == nil)
    }

    @Test func agreesWithCountingOnManyTies() throws {
        let positives = (0..<37).map { Double(($0 * 7) % 11) }
        let negatives = (0..<53).map { Double(($0 * 5) % 9) }
        var wins = 0.0
        for positive in positives {
            for negative in negatives { wins += positive > negative ? 1 : positive == negative ? 0.5 : 0 }
        }
        let value = try #require(AUROC.value(positives: positives, negatives: negatives))
        #expect(abs(value - wins / Double(37 * 53)) < 1e-12)
    }
}

@Suite struct RankCorrelationTests {
    @Test func sharesRanksOfTies() throws {
        // scipy.stats.spearmanr([1, 2, 2, 4, 5], [2, 1, 3, 3, 5]) = 0.7631578947
        let value = try #require(RankCorrelation.value([(1, 2), (2, 1), (2, 3), (4, 3), (5, 5)]))
        #expect(abs(value - 0.763_157_894_7) < 1e-9)
        #expect(RankCorrelation.value([(1, 9), (2, 4), (3, 1)]) == -1)
        #expect(RankCorrelation.value([(1, 1), (2, 1)]) == nil)
    }
}

@Suite struct BootstrapTests {
    @Test func intervalOfAMeanIsAboutTwoStandardErrorsWide() throws {
        let values = (0..<100).map { Double($0 % 10) }
        let bootstrap = Bootstrap(resamples: 2000)
        let draws = bootstrap.draws(counts: [values.count]) { drawn in
            drawn[0].reduce(0) { $0 + values[$1] } / Double(values.count)
        }
        let interval = try #require(bootstrap.interval(of: draws))
        // The standard deviation is 2.872, so 1.96 standard errors are 0.563.
        #expect(abs(interval.lowerBound - (4.5 - 0.563)) < 0.06)
        #expect(abs(interval.upperBound - (4.5 + 0.563)) < 0.06)
        #expect(bootstrap.interval(of: []) == nil)
    }

    @Test func aSeedFixesTheDraws() {
        let first = Bootstrap(resamples: 5).draws(counts: [4, 9]) { $0 }
        #expect(first == Bootstrap(resamples: 5).draws(counts: [4, 9]) { $0 })
        #expect(first.allSatisfy { $0[0].allSatisfy { (0..<4).contains($0) } && $0[1].count == 9 })
    }
}
