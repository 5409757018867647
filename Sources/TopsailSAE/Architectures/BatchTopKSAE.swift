import TopsailCore

/// BatchTopK without a stored threshold (Bussmann et al. 2024), the same as Mutual Choice (Ayonrinde 2024, arXiv
/// 2411.02124): after ReLU the `k · tokens` largest values of all tokens together survive.
///
/// What is active on a token depends on the tokens it is encoded with.
public final class BatchTopKSAE: LinearSAE {
    let core: LinearCore
    /// Active neurons a token on average.
    public let k: Int

    init(core: LinearCore, k: Int) {
        self.core = core
        self.k = k
    }

    public var needsWholeSequence: Bool { true }

    /// All weights as fp32 in memory, folds applied. For an SAE from a file this makes a copy, which is then kept.
    public var weights: SAEWeights { copiedWeights }
    public var normalization: InputNormalization { core.input.normalization }
    /// Whether `b_dec` is subtracted from the (normalised) input.
    public var appliesDecoderBiasToInput: Bool { core.input.center != nil }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        let budget = k.multipliedReportingOverflow(by: tokens)
        let best = BatchSelection(budget: budget.overflow ? Int.max : budget.partialValue)
        return core.scaled(best.select(core.encode(x, tokens: tokens, isScaled: false) { _ in PositiveSelector() }))
    }
}
