import TopsailCore

/// A JumpReLU SAE (Rajamanoharan et al. 2024): each neuron has a threshold its pre-activation must exceed.
public final class JumpReLUSAE: LinearSAE {
    public let info: SAEInfo
    public let weights: SAEWeights
    public let normalization: InputNormalization
    public let appliesDecoderBiasToInput: Bool
    /// One threshold a neuron, in units of pre-activations. Shape `[d_sae]`.
    public let thresholds: [Float]

    /// - Parameter weights: Complete; the caller writes to them no more.
    /// - Precondition: One threshold a neuron.
    public init(
        info: SAEInfo, weights: SAEWeights, thresholds: [Float], normalization: InputNormalization = .none,
        appliesDecoderBiasToInput: Bool = true
    ) {
        precondition(thresholds.count == weights.dSAE, "\(thresholds.count) thresholds for \(weights.dSAE) neurons")
        self.info = info
        self.weights = weights
        self.thresholds = thresholds
        self.normalization = normalization
        self.appliesDecoderBiasToInput = appliesDecoderBiasToInput
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        encode(x, tokens: tokens) { [thresholds] in ThresholdSelector(thresholds: thresholds) }
    }
}
