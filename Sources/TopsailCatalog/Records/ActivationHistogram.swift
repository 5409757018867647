import Foundation

/// Counts of a neuron's positive activations in geometric bins.
///
/// Bin `i` holds the activations from `lowest * ratio^i` up to `lowest * ratio^(i + 1)`.
public struct ActivationHistogram: Sendable, Hashable {
    /// Lower edge of the first bin, above zero.
    public var lowest: Float
    /// Upper edge of a bin divided by its lower edge, above one.
    public var ratio: Float
    /// Tokens in each bin.
    public var counts: [UInt64]

    public init(lowest: Float, ratio: Float, counts: [UInt64]) {
        self.lowest = lowest
        self.ratio = ratio
        self.counts = counts
    }

    /// The `counts.count + 1` edges of the bins, rising.
    public var edges: [Double] {
        (0...counts.count).map { Double(lowest) * pow(Double(ratio), Double($0)) }
    }

    var isValid: Bool { lowest.isFinite && lowest > 0 && ratio.isFinite && ratio > 1 }
}
