import TopsailCore

/// The original SAE (Bricken et al. 2023; Cunningham et al. 2023): ReLU on a linear encoder.
public final class StandardSAE: LinearSAE {
    public let info: SAEInfo
    public let weights: SAEWeights
    public let normalization: InputNormalization
    public let appliesDecoderBiasToInput: Bool

    /// - Parameter weights: Complete; the caller writes to them no more.
    public init(
        info: SAEInfo, weights: SAEWeights, normalization: InputNormalization = .none,
        appliesDecoderBiasToInput: Bool = true
    ) {
        self.info = info
        self.weights = weights
        self.normalization = normalization
        self.appliesDecoderBiasToInput = appliesDecoderBiasToInput
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        encode(x, tokens: tokens) { PositiveSelector() }
    }
}
