import TopsailCatalog

/// Everything that the detail pane shows about one neuron; token texts are already looked up.
public struct NeuronProfile: Sendable, Hashable {
    public var key: NeuronKey
    public var statistics: NeuronStatistics
    /// Best first: a person's, then machines' by score.
    public var explanations: [NeuronExplanation]
    public var tags: [Tag]
    /// Strongest first.
    public var contexts: [Context]
    public var histogram: ActivationHistogram?
    /// Tokens whose logit rises most, by falling effect.
    public var promoted: [TokenEffect]
    /// Tokens whose logit falls most, by rising effect.
    public var suppressed: [TokenEffect]
    /// By falling cosine of the decoder rows.
    public var similar: [Neighbour]
    /// By falling measure of firing on the same tokens.
    public var coactive: [Neighbour]
    public var notes: [String]
    /// Names of the person's lists that hold it.
    public var lists: [String]

    public init(
        key: NeuronKey, statistics: NeuronStatistics = NeuronStatistics(), explanations: [NeuronExplanation] = [],
        tags: [Tag] = [], contexts: [Context] = [], histogram: ActivationHistogram? = nil, promoted: [TokenEffect] = [],
        suppressed: [TokenEffect] = [], similar: [Neighbour] = [], coactive: [Neighbour] = [], notes: [String] = [],
        lists: [String] = []
    ) {
        self.key = key
        self.statistics = statistics
        self.explanations = explanations
        self.tags = tags
        self.contexts = contexts
        self.histogram = histogram
        self.promoted = promoted
        self.suppressed = suppressed
        self.similar = similar
        self.coactive = coactive
        self.notes = notes
        self.lists = lists
    }
}

extension NeuronProfile {
    /// A category with who says so.
    public struct Tag: Sendable, Hashable {
        public var slug: String
        public var label: String
        /// A person put it on.
        public var isHuman: Bool
        /// A person took off what a machine had put on.
        public var isRejected: Bool
        public var evidence: [DerivedTag]

        public init(slug: String, label: String, isHuman: Bool, isRejected: Bool = false, evidence: [DerivedTag] = []) {
            self.slug = slug
            self.label = label
            self.isHuman = isHuman
            self.isRejected = isRejected
            self.evidence = evidence
        }
    }

    /// A stretch of corpus text with the neuron's activation on each token.
    public struct Context: Sendable, Hashable {
        /// Text of each token, pieces of characters spelled as bytes; not yet made printable.
        public var tokens: [String]
        /// As many as `tokens`.
        public var activations: [Float]
        /// `0` for one of the strongest, `n` for a sample from the `n`-th band.
        public var band: Int
        /// What the item is called whose positions the tokens are; `nil` for text, and where a token is a whole item.
        public var item: String?
        /// The text as it was, to be copied.
        public var text: String

        /// - Parameter text: `nil` where the tokens put together are it.
        public init(
            tokens: [String], activations: [Float], band: Int = 0, item: String? = nil, text: String? = nil
        ) {
            self.tokens = tokens
            self.activations = activations
            self.band = band
            self.item = item
            self.text = text ?? tokens.joined()
        }

        /// Index of the strongest activation; `nil` without tokens.
        public var peak: Int? { activations.indices.max { abs(activations[$0]) < abs(activations[$1]) } }
        public var max: Float { peak.map { activations[$0] } ?? 0 }
    }

    public struct TokenEffect: Sendable, Hashable {
        public var text: String
        /// Logit difference for an activation of one.
        public var value: Float

        public init(text: String, value: Float) {
            self.text = text
            self.value = value
        }
    }

    public struct Neighbour: Sendable, Hashable {
        public var key: NeuronKey
        /// Cosine of the decoder rows, or the measure of firing together.
        public var cosine: Float
        public var label: String?

        public init(key: NeuronKey, cosine: Float, label: String? = nil) {
            self.key = key
            self.cosine = cosine
            self.label = label
        }
    }
}
