import Foundation

/// What `DecoderMatching` would find if the second SAE wrote in directions that have nothing to do with the first's: directions
/// drawn evenly from the sphere.
///
/// The angle θ between a fixed direction and a random one in d dimensions has a density in proportion to sin(θ)^(d − 2) (Cai, Fan
/// and Jiang 2013, arXiv 1306.0256). SAEs of one model share its uneven activations, so unrelated neurons of real SAEs are nearer
/// to each other than this; it is the lowest level that a match has to exceed.
public struct ChanceMatching: Sendable, Hashable {
    /// Mean cosine of the best match.
    public let cosine: Double
    /// The cosine that 95% of best matches do not exceed.
    public let limit: Double
    /// Share of the first SAE's neurons that would be the nearest neuron of their nearest neuron: an entry of a random table of
    /// `first` rows and `second` columns is the highest of its row and column with chance 1 / (first + second − 1).
    public let mutualShare: Double

    private static let steps = 20_000

    /// - Parameters:
    ///   - first: Neurons of the first SAE, at least one; likewise `second`.
    ///   - width: Dimensions they write to, at least two.
    public init(first: Int, second: Int, width: Int) {
        precondition(first > 0 && second > 0 && width > 1, "\(first) against \(second) directions of width \(width)")
        mutualShare = Double(second) / Double(first + second - 1)
        // θ of the best match is the least of `second` draws: P(least > θ) = (1 − F(θ))^second.
        let step = Double.pi / Double(Self.steps)
        var weights = (0..<Self.steps).map { place in
            // The logarithm keeps high powers of small sines apart from 0 as long as doubles can.
            exp(Double(width - 2) * log(sin((Double(place) + 0.5) * step)))
        }
        let total = weights.reduce(0, +)
        for place in weights.indices { weights[place] /= total }
        var (passed, survived, mean, limit) = (0.0, 1.0, 0.0, -1.0)
        var isLimitFound = false
        for (place, weight) in weights.enumerated() {
            passed += weight
            let left = pow(max(0, 1 - passed), Double(second))
            let angle = (Double(place) + 0.5) * step
            mean += (survived - left) * cos(angle)
            survived = left
            // The nearest 5% of best matches lie at smaller angles.
            if !isLimitFound, survived <= 0.95 {
                limit = cos(angle)
                isLimitFound = true
            }
        }
        cosine = mean
        self.limit = limit
    }
}
