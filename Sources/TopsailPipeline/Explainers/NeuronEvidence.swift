import TopsailCore

/// What an explainer is told about a neuron.
public struct NeuronEvidence: Sendable {
    /// A stretch of text with the neuron's activation on each token.
    public struct Excerpt: Sendable, Hashable {
        public var texts: [String]
        public var activations: [Float]
        /// Slug of what the text is about.
        public var topic: String?

        public init(texts: [String], activations: [Float], topic: String? = nil) {
            self.texts = texts
            self.activations = activations
            self.topic = topic
        }

        /// The stretch around the strongest token: a causal model has seen what stands before, so that is more.
        func around(before: Int, after: Int) -> Excerpt {
            let peak = activations.indices.max { activations[$0] < activations[$1] } ?? 0
            let range = max(0, peak - before)..<min(texts.count, peak + after + 1)
            return Excerpt(texts: Array(texts[range]), activations: Array(activations[range]), topic: topic)
        }
    }

    public var id: NeuronID
    /// Within its SAE.
    public var index: Int
    /// Where it fires most, strongest first.
    public var strong: [Excerpt]
    /// Where it fires less, one of each band of activation.
    public var weak: [Excerpt]
    /// Where it is silent, in texts on topics near those of the others.
    public var silent: [Excerpt]
    /// Tokens that it makes more likely.
    public var promoted: [String]
    /// Its largest activation.
    public var maximum: Float

    public init(
        id: NeuronID, index: Int, strong: [Excerpt], weak: [Excerpt] = [], silent: [Excerpt] = [],
        promoted: [String] = [], maximum: Float
    ) {
        self.id = id
        self.index = index
        self.strong = strong
        self.weak = weak
        self.silent = silent
        self.promoted = promoted
        self.maximum = maximum
    }
}
