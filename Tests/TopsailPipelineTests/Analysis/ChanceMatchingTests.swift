import Foundation
import Testing
import TopsailAnalysis

@Suite("Matches of random directions") struct ChanceMatchingTests {
    @Test("in three dimensions a cosine is even over −1...1, so that the best of n has the mean (n − 1) / (n + 1)")
    func sphere() {
        for count in [1, 2, 3, 9] {
            let chance = ChanceMatching(first: 5, second: count, width: 3)
            #expect(abs(chance.cosine - Double(count - 1) / Double(count + 1)) < 1e-4)
            // P(best ≤ c) = ((1 + c) / 2)^n = 0.95.
            #expect(abs(chance.limit - (2 * pow(0.95, 1 / Double(count)) - 1)) < 1e-3)
        }
    }

    @Test("on a circle the best of two has the mean 4 / π²")
    func circle() {
        #expect(abs(ChanceMatching(first: 1, second: 2, width: 2).cosine - 4 / (Double.pi * Double.pi)) < 1e-4)
    }

    @Test("in many dimensions chance stays below the usual bound, and more neurons find nearer ones")
    func wide() {
        let chance = ChanceMatching(first: 2304, second: 2304, width: 576)
        #expect(chance.cosine > 0.12 && chance.cosine < (2 * log(2304.0) / 576).squareRoot())
        #expect(chance.limit > chance.cosine)
        #expect(ChanceMatching(first: 2304, second: 24_576, width: 576).cosine > chance.cosine)
    }

    @Test("of two equally wide SAEs about half of the matches are mutual by chance")
    func mutual() {
        #expect(abs(ChanceMatching(first: 100, second: 100, width: 8).mutualShare - 100.0 / 199) < 1e-12)
        #expect(ChanceMatching(first: 1, second: 7, width: 8).mutualShare == 1)
    }
}
