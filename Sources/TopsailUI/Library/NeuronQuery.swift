/// Which neurons the table shows, and in which order.
public struct NeuronQuery: Sendable, Hashable {
    /// The row of the category tree that is selected.
    public enum Scope: Sendable, Hashable {
        case all
        case category(String)
        case untagged
        /// Tagged by a person.
        case tagged
        /// On a person's list of this name.
        case list(String)
    }

    public enum Sort: String, Sendable, Hashable, CaseIterable {
        /// How strongly a neuron speaks for the category, or for any.
        case evidence
        case score, max, density, id
        /// How well the words match.
        case relevance

        /// Whether large values come first unless reversed.
        public var startsHigh: Bool { self != .id }

        /// For narrow places.
        var shortName: String {
            switch self {
            case .evidence: "evid."
            case .relevance: "rel."
            default: rawValue
            }
        }
    }

    public var scope: Scope
    public var filter: FilterExpression
    /// What a person chose; `nil` leaves it to what is asked: relevance for words, else evidence.
    public var sort: Sort?
    /// `true`: against the sort's own direction.
    public var isReversed: Bool

    public init(
        scope: Scope = .all, filter: FilterExpression = FilterExpression(), sort: Sort? = nil,
        isReversed: Bool = false
    ) {
        self.scope = scope
        self.filter = filter
        self.sort = sort
        self.isReversed = isReversed
    }

    /// What there is to choose from: without words nothing is relevant, without tags nothing is evidence.
    public var sorts: [Sort] {
        Sort.allCases.filter { sort in
            switch sort {
            case .relevance: !filter.words.isEmpty
            case .evidence: scope != .untagged
            default: true
            }
        }
    }

    /// The order that the list is in.
    public var order: Sort {
        if let sort, sorts.contains(sort) { return sort }
        return [.relevance, .evidence, .score].first { sorts.contains($0) } ?? .score
    }

    public var isDescending: Bool { order.startsHigh != isReversed }

    /// The command that lists the same neurons; bounds that only the explorer knows are said in a comment.
    var command: String {
        var words = ["topsail neurons"]
        switch scope {
        case .all: break
        case .category(let slug): words.append("--category \(slug.shellQuoted)")
        case .untagged: break
        case .tagged: words.append("--tagged-by human")
        case .list(let name): words.append("--list \(name.shellQuoted)")
        }
        if let tag = filter.tag { words.append("--category \(tag.shellQuoted)") }
        if let sae = filter.sae { words.append("--sae \(sae.shellQuoted)") }
        if let layer = filter.layer { words.append("--layer \(layer)") }
        if !filter.words.isEmpty { words.append("--search \(filter.words.shellQuoted)") }
        words.append("--sort \(order.rawValue)")
        let hasMore =
            filter.max != nil || filter.density != nil || filter.minimumScore != nil || filter.hasNote != nil
            || filter.hasExplanation != nil || scope == .untagged || isReversed
        return words.joined(separator: " ") + (hasMore ? "  # and what only the explorer filters by" : "")
    }
}
