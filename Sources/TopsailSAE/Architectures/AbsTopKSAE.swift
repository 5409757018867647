import TopsailCore

/// An AbsTopK SAE (arXiv 2510.00404): the k pre-activations of largest magnitude survive with their signs, so that one
/// neuron can stand for both ends of an axis.
public final class AbsTopKSAE: LinearSAE {
    let core: LinearCore
    public let k: Int

    init(core: LinearCore, k: Int) {
        self.core = core
        self.k = k
    }

    /// All weights as fp32 in memory, folds applied. For an SAE from a file this makes a copy, which is then kept.
    public var weights: SAEWeights { copiedWeights }
    public var normalization: InputNormalization { core.input.normalization }
    /// Whether `b_dec` is subtracted from the (normalised) input.
    public var appliesDecoderBiasToInput: Bool { core.input.center != nil }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        core.encode(x, tokens: tokens) { [k] _ in AbsTopKSelector(k: k) }
    }
}
