/// How the activations of a neuron over a text become one number.
public enum FeaturePooling: String, Sendable, Hashable, Codable, CaseIterable {
    /// The largest normalised activation.
    case maximum
    /// Its square root: firing at all counts for more, firing strongly for less.
    case rootMaximum = "root_maximum"
    /// Square root of the mean normalised activation over the counted tokens.
    case rootMean = "root_mean"

    /// No activation counts for more than this many times the neuron's 0.999 quantile.
    static let ceiling: Float = 2

    /// - Parameter normaliser: What the neuron's activations are divided by.
    public func value(_ pool: TextFeatures.Pool, normaliser: Float, countedTokens: Int) -> Float {
        guard normaliser > 0 else { return pool.maximum > 0 ? 1 : 0 }
        switch self {
        case .maximum: return min(pool.maximum / normaliser, Self.ceiling)
        case .rootMaximum: return min(pool.maximum / normaliser, Self.ceiling).squareRoot()
        case .rootMean: return min(pool.sum / (normaliser * Float(max(countedTokens, 1))), Self.ceiling).squareRoot()
        }
    }
}
