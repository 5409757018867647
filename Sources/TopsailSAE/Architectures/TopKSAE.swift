import TopsailCore

/// A TopK SAE (Makhzani and Frey 2013; Gao et al. 2024): on each token the k largest pre-activations survive, then ReLU.
public final class TopKSAE: LinearSAE {
    let core: LinearCore
    /// The largest number of neurons active on one token; fewer when fewer pre-activations are positive.
    public let k: Int
    /// What becomes of values equal to the k-th.
    public let ties: TopKTies

    init(core: LinearCore, k: Int, ties: TopKTies = .lowerIndex) {
        self.core = core
        self.k = k
        self.ties = ties
    }

    /// - Parameter weights: Complete; the caller writes to them no more. Decoder norms are folded where they matter.
    public convenience init(
        info: SAEInfo, weights: SAEWeights, k: Int, normalization: InputNormalization = .none,
        appliesDecoderBiasToInput: Bool = true
    ) {
        self.init(
            core: LinearCore(
                info: info, weights: weights, normalization: normalization,
                appliesDecoderBiasToInput: appliesDecoderBiasToInput),
            k: k)
    }

    /// All weights as fp32 in memory, folds applied. For an SAE from a file this makes a copy, which is then kept.
    public var weights: SAEWeights { copiedWeights }
    public var normalization: InputNormalization { core.input.normalization }
    /// Whether `b_dec` is subtracted from the (normalised) input.
    public var appliesDecoderBiasToInput: Bool { core.input.center != nil }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        switch ties {
        case .lowerIndex: core.encode(x, tokens: tokens) { [k] _ in TopKSelector(k: k) }
        case .allSurvive: core.encode(x, tokens: tokens) { [k] _ in TopKWithTiesSelector(k: k) }
        case .signed: core.encode(x, tokens: tokens) { [k] _ in SignedTopKSelector(k: k) }
        }
    }
}

/// The variants of top-k that libraries compute.
public enum TopKTies: Sendable, Hashable {
    /// Exactly k survive, of equal values those with the lower index, then ReLU.
    case lowerIndex
    /// What equals the k-th value survives as well (Safe-SAIL), then ReLU.
    case allSurvive
    /// As `lowerIndex`, without the ReLU (OpenAI's `postact_fn: Identity`).
    case signed
}
