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
    /// Neurons that fire on the same tokens, by falling Jaccard index of the two sets of tokens.
    public var coactive: [NeuronLink]
    public var explanations: [NeuronExplanation]
    public var tags: [DerivedTag]
    /// What search in contexts finds, as `ContextWords` makes it; `nil` where the contexts' corpus brings its own texts,
    /// which are taken, or where there is nothing to find.
    public var contextWords: String?

    public init(
        index: Int, statistics: NeuronStatistics = NeuronStatistics(), histogram: ActivationHistogram? = nil,
        contexts: [NeuronContext] = [], logitEffects: LogitEffects = LogitEffects(), similar: [NeuronLink] = [],
        coactive: [NeuronLink] = [], explanations: [NeuronExplanation] = [], tags: [DerivedTag] = [],
        contextWords: String? = nil
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
        self.contextWords = contextWords
    }
}
