/// One line of the neuron table.
public struct NeuronEntry: Sendable, Hashable {
    public var key: NeuronKey
    /// Largest activation over the collection corpus, in the SAE's units.
    public var max: Float?
    /// Share of counted tokens on which the neuron fires, `0 ... 1`.
    public var density: Double?
    /// Correlation of the shown explanation's simulation with the real activations.
    public var score: Double?
    public var label: String?
    /// Whether the label is a person's.
    public var isHumanLabel: Bool

    public init(
        key: NeuronKey, max: Float? = nil, density: Double? = nil, score: Double? = nil, label: String? = nil,
        isHumanLabel: Bool = false
    ) {
        self.key = key
        self.max = max
        self.density = density
        self.score = score
        self.label = label
        self.isHumanLabel = isHumanLabel
    }
}

/// A stretch of a query's result.
public struct NeuronPage: Sendable, Hashable {
    /// Neurons that match, all of them.
    public var total: Int
    /// Index of `rows[0]` in the whole result.
    public var start: Int
    public var rows: [NeuronEntry]
    /// Where the neuron that was asked to be kept stands in the result, if it is in it.
    public var anchor: Int?
    /// What the result is ordered by where that is not what the query says.
    public var otherOrder: NeuronQuery.Sort?
    /// Of an empty result: what the bound that left nothing is compared with.
    public var best: Best?

    /// The highest figure that there is.
    public struct Best: Sendable, Hashable {
        /// `max here is 18.2`.
        public var words: String
    }

    public init(total: Int, start: Int, rows: [NeuronEntry], anchor: Int? = nil) {
        self.total = total
        self.start = start
        self.rows = rows
        self.anchor = anchor
    }
}

/// What live lists say beside a neuron's activation.
public struct NeuronLabel: Sendable, Hashable {
    public var text: String?
    /// Slugs of the categories that it carries.
    public var categories: [String]

    public init(text: String?, categories: [String] = []) {
        self.text = text
        self.categories = categories
    }
}
