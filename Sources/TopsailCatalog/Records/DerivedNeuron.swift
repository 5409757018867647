/// Everything that a machine found out about one neuron, ready to be written.
///
/// Parts that a stage does not make stay at their defaults; `DerivedWriter` can also add each part on its own later.
public struct DerivedNeuron: Sendable, Hashable {
    /// Index within the SAE, `0 ..< d_sae`.
    public var index: Int
    public var statistics: NeuronStatistics
    public var histogram: ActivationHistogram?
    /// In the order in which they are shown.
    public var contexts: [NeuronContext]
    public var logitEffects: LogitEffects
    /// Nearest neurons by decoder cosine, by falling cosine.
    public var similar: [NeuronLink]
    /// Neurons that fire on the same tokens, the most frequent first.
    public var coactive: [NeuronLink]
    public var explanations: [NeuronExplanation]
    public var tags: [DerivedTag]

    public init(
        index: Int, statistics: NeuronStatistics = NeuronStatistics(), histogram: ActivationHistogram? = nil,
        contexts: [NeuronContext] = [], logitEffects: LogitEffects = LogitEffects(), similar: [NeuronLink] = [],
        coactive: [NeuronLink] = [], explanations: [NeuronExplanation] = [], tags: [DerivedTag] = []
    ) {
        self.index = index
        self.statistics = statistics
        self.histogram = histogram
        self.contexts = contexts
        self.logitEffects = logitEffects
        self.similar = similar
        self.coactive = coactive
        self.explanations = explanations
        self.tags = tags
    }
}
