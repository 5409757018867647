import TopsailCore

/// Which neurons of an SAE fire on the same tokens: counts n_i, n_j and n_ij over tokens, told as the Jaccard index
/// n_ij / (n_i + n_j − n_ij), the share of the tokens on which either fires that both fire on.
///
/// Pairs with few tokens in common are left out: over thousands of neurons some fire together once by chance.
public struct Coactivation: Sendable {
    /// Another neuron and how often the two fire together.
    public struct Partner: Sendable, Hashable {
        public var index: Int
        /// n_ij, in tokens.
        public var tokens: Int
        /// `0 ... 1`.
        public var jaccard: Float
    }

    /// The least tokens in common.
    public static let leastTokens = 5

    /// The active neurons of each token.
    private let active: [[Int32]]
    /// The tokens on which each neuron fires, rising.
    private let firings: [[Int32]]

    /// - Parameters:
    ///   - dSAE: Neurons of the SAE.
    ///   - tokens: What fired on each token; activations of zero are no firing.
    public init(dSAE: Int, tokens: some Sequence<[ActiveFeature]>) {
        var active: [[Int32]] = []
        var firings = Array(repeating: [Int32](), count: dSAE)
        for features in tokens {
            let fired = features.filter { $0.value != 0 }.map { Int32($0.index) }
            for neuron in fired { firings[Int(neuron)].append(Int32(active.count)) }
            active.append(fired)
        }
        self.active = active
        self.firings = firings
    }

    /// The neurons that fire with each neuron most, by falling Jaccard index, then by index.
    ///
    /// - Complexity: O(tokens · L0²), memory for one count a neuron.
    public func partners(count: Int) -> [[Partner]] {
        var together = Array(repeating: 0, count: firings.count)
        return firings.indices.map { neuron in
            var met: [Int] = []
            for token in firings[neuron] {
                for other in active[Int(token)] where Int(other) != neuron {
                    if together[Int(other)] == 0 { met.append(Int(other)) }
                    together[Int(other)] += 1
                }
            }
            let partners = met.filter { together[$0] >= Self.leastTokens }.map { other in
                let either = firings[neuron].count + firings[other].count - together[other]
                return Partner(
                    index: other, tokens: together[other], jaccard: Float(together[other]) / Float(either))
            }
            for other in met { together[other] = 0 }
            return Array(
                partners.sorted { ($1.jaccard, $0.index) < ($0.jaccard, $1.index) }.prefix(count))
        }
    }
}
