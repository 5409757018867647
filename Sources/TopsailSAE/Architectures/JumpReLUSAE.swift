import TopsailCore

/// A JumpReLU SAE (Rajamanoharan et al. 2024): each neuron has a threshold its pre-activation must exceed. BatchTopK
/// (Bussmann et al. 2024) is this with one threshold for all neurons once it is trained.
public final class JumpReLUSAE: LinearSAE {
    let core: LinearCore
    /// One threshold a neuron, in units of pre-activations. Shape `[d_sae]`.
    public let thresholds: [Float]
    /// Whether values below zero that exceed their threshold are kept (OpenMOSS and Safe-SAIL mask without a ReLU).
    public let keepsNegative: Bool

    init(core: LinearCore, thresholds: [Float], keepsNegative: Bool = false) {
        precondition(
            thresholds.count == core.info.dSAE, "\(thresholds.count) thresholds for \(core.info.dSAE) neurons")
        self.core = core
        self.thresholds = thresholds
        self.keepsNegative = keepsNegative
    }

    /// - Parameter weights: Complete; the caller writes to them no more.
    /// - Precondition: One threshold a neuron.
    public convenience init(
        info: SAEInfo, weights: SAEWeights, thresholds: [Float], normalization: InputNormalization = .none,
        appliesDecoderBiasToInput: Bool = true
    ) {
        self.init(
            core: LinearCore(
                info: info, weights: weights, normalization: normalization,
                appliesDecoderBiasToInput: appliesDecoderBiasToInput),
            thresholds: thresholds)
    }

    /// All weights as fp32 in memory, folds applied. For an SAE from a file this makes a copy, which is then kept.
    public var weights: SAEWeights { copiedWeights }
    public var normalization: InputNormalization { core.input.normalization }
    /// Whether `b_dec` is subtracted from the (normalised) input.
    public var appliesDecoderBiasToInput: Bool { core.input.center != nil }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        if keepsNegative, thresholds.contains(where: { $0 < 0 }) {
            return core.encode(x, tokens: tokens) { [thresholds] _ in MaskSelector(thresholds: thresholds) }
        }
        return core.encode(x, tokens: tokens) { [thresholds] _ in ThresholdSelector(thresholds: thresholds) }
    }
}
