import TopsailCore

/// A TopK SAE (Makhzani and Frey 2013; Gao et al. 2024): on each token the k largest pre-activations survive, then ReLU.
public final class TopKSAE: LinearSAE {
    public let info: SAEInfo
    public let weights: SAEWeights
    public let normalization: InputNormalization
    public let appliesDecoderBiasToInput: Bool
    /// The largest number of neurons active on one token; fewer when fewer pre-activations are positive.
    public let k: Int

    /// - Parameter weights: Complete; the caller writes to them no more. Decoder norms are folded where they matter.
    public init(
        info: SAEInfo, weights: SAEWeights, k: Int, normalization: InputNormalization = .none,
        appliesDecoderBiasToInput: Bool = true
    ) {
        self.info = info
        self.weights = weights
        self.k = k
        self.normalization = normalization
        self.appliesDecoderBiasToInput = appliesDecoderBiasToInput
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        encode(x, tokens: tokens) { [k] in TopKSelector(k: k) }
    }
}
