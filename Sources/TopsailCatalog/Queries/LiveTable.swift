/// What a live view needs to know about the neurons of one SAE, in arrays indexed by neuron.
public struct LiveTable: Sendable {
    /// Name of the SAE.
    public let sae: String
    /// What an activation is divided by to be comparable between neurons; `0` where nothing is known.
    ///
    /// The 0.999 quantile, or the largest activation where the quantile is zero; `NeuronStatistics.normaliser` says
    /// why.
    public let normaliser: [Float]
    /// The 0.999 quantiles; `0` where unknown.
    public let q999: [Float]
    /// Largest activations; `0` where unknown.
    public let maxActivation: [Float]
    /// A short form of each neuron's explanation; `nil` where there is none.
    public let labels: [String?]
    /// Slugs of each neuron's categories.
    public let tags: [[String]]

    /// Number of neurons, the SAE's `d_sae`.
    public var count: Int { labels.count }
}

/// The same for a single neuron.
public struct LiveLabel: Sendable, Hashable {
    /// A short form of the explanation.
    public let label: String?
    public let normaliser: Float?
    public let q999: Float?
    public let max: Float?
    public let tags: [String]
}
