/// Who says that a neuron belongs to a category.
public enum TagSource: String, Sendable, Hashable, CaseIterable, Codable {
    /// A person.
    case human
    /// Contrast pairs: the neuron fires when the concept is there and not otherwise.
    case contrast
    /// A file of someone else's.
    case imported = "import"

    /// One bit for each source, so that a neuron's sources fit in a column.
    var bit: Int64 {
        switch self {
        case .human: 1
        case .contrast: 2
        case .imported: 4
        }
    }

    static func sources(inMask mask: Int64) -> [TagSource] { allCases.filter { mask & $0.bit != 0 } }
}

/// A category that a machine gave to a neuron, with its evidence.
public struct DerivedTag: Sendable, Hashable {
    /// Slug of a category in the catalog's taxonomy.
    public var slug: String
    /// `.contrast` or `.imported`.
    public var source: TagSource
    /// For contrast: in which share of the pairs the neuron tells the two prompts apart.
    public var score: Double?
    /// For contrast: the mean difference of the neuron's activation between the prompts.
    public var effect: Double?
    /// For contrast: number of pairs.
    public var pairs: Int?

    public init(slug: String, source: TagSource, score: Double? = nil, effect: Double? = nil, pairs: Int? = nil) {
        self.slug = slug
        self.source = source
        self.score = score
        self.effect = effect
        self.pairs = pairs
    }
}

/// One category of one neuron as it is read back: who says so, and on what evidence.
public struct NeuronTag: Sendable, Hashable {
    public let slug: String
    public let label: String
    /// Whether a person put the tag on.
    public let isHuman: Bool
    /// Whether a person took off what a machine had put on; such a tag does not count.
    public let isRejected: Bool
    /// What machines say.
    public let evidence: [DerivedTag]

    /// Everyone who says so.
    public var sources: [TagSource] {
        TagSource.allCases.filter { source in
            source == .human ? isHuman : evidence.contains { $0.source == source }
        }
    }
}
