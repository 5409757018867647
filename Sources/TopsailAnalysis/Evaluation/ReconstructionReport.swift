/// How good an SAE is, and what the model loses by reading through it.
public struct ReconstructionReport: Sendable, Hashable {
    /// Counted tokens.
    public var tokens: Int
    public var l0: Double
    /// Mean over tokens of `‖x − x̂‖²`, summed over the width.
    public var mse: Double
    public var explainedVariance: Double
    /// Mean cosine of activation and reconstruction.
    public var cosine: Double
    /// Mean ratio of their norms; below 1 the SAE shrinks.
    public var l2Ratio: Double
    /// Share of the neurons that fired on none of the tokens.
    public var deadFraction: Double
    /// Share of the neurons that fired on more than a tenth of the tokens.
    public var denseFraction: Double
    /// Mean cross-entropy in nats of the counted tokens, given those before them.
    public var ceClean: Double
    /// The same with the hook point's activations replaced by their reconstruction.
    public var ceReconstructed: Double
    /// The same with zeros in their place.
    public var ceAblated: Double

    /// `(CE_abl − CE_sae) / (CE_abl − CE_clean)`; `nil` when ablation does no harm.
    public var ceRecovered: Double? {
        let gap = ceAblated - ceClean
        return gap > 1e-9 ? (ceAblated - ceReconstructed) / gap : nil
    }
}
