/// What was counted about one neuron over a collection corpus. Anything not measured is `nil`.
public struct NeuronStatistics: Sendable, Hashable {
    /// Share of the counted tokens on which the neuron fired, `0 ... 1`.
    public var density: Double?
    /// Number of counted tokens on which it fired.
    public var firedCount: Int?
    /// Largest activation seen, in the SAE's units.
    public var maxActivation: Float?
    /// The 0.999 quantile of its activations over all counted tokens; `0` when it fires on fewer than one in a
    /// thousand.
    public var q999: Float?
    /// Mean of its activations over the tokens on which it fired.
    public var meanPositive: Float?

    public init(
        density: Double? = nil, firedCount: Int? = nil, maxActivation: Float? = nil, q999: Float? = nil,
        meanPositive: Float? = nil
    ) {
        self.density = density
        self.firedCount = firedCount
        self.maxActivation = maxActivation
        self.q999 = q999
        self.meanPositive = meanPositive
    }

    /// What an activation is divided by to be comparable between neurons.
    ///
    /// The 0.999 quantile, as Safe-SAIL does; the largest activation where the quantile is zero or unknown
    /// (a neuron that is rare in the corpus); `nil` for a neuron that was never seen to fire.
    public var normaliser: Float? {
        if let q999, q999 > 0 { return q999 }
        if let maxActivation, maxActivation > 0 { return maxActivation }
        return nil
    }
}
