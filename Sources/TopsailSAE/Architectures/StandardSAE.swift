import TopsailCore

/// The original SAE (Bricken et al. 2023; Cunningham et al. 2023): ReLU on a linear encoder. With another output space, a
/// transcoder (Dunefsky et al. 2024).
public final class StandardSAE: LinearSAE {
    let core: LinearCore

    init(core: LinearCore) { self.core = core }

    /// - Parameter weights: Complete; the caller writes to them no more.
    public convenience init(
        info: SAEInfo, weights: SAEWeights, normalization: InputNormalization = .none,
        appliesDecoderBiasToInput: Bool = true
    ) {
        self.init(
            core: LinearCore(
                info: info, weights: weights, normalization: normalization,
                appliesDecoderBiasToInput: appliesDecoderBiasToInput))
    }

    /// All weights as fp32 in memory, folds applied. For an SAE from a file this makes a copy, which is then kept.
    public var weights: SAEWeights { copiedWeights }
    public var normalization: InputNormalization { core.input.normalization }
    /// Whether `b_dec` is subtracted from the (normalised) input.
    public var appliesDecoderBiasToInput: Bool { core.input.center != nil }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        core.encode(x, tokens: tokens) { _ in PositiveSelector() }
    }
}
