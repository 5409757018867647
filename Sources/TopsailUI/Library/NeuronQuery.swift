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

    /// The same without its first lower bound, in the falling order of what that bounds; `nil` where there is none.
    var withoutLowerBound: (Sort, NeuronQuery)? {
        var wider = self
        wider.isReversed = false
        if let max = filter.max, max.lowerBound > 0 {
            (wider.filter.max, wider.sort) = (nil, .max)
        } else if let density = filter.density, density.lowerBound > 0 {
            (wider.filter.density, wider.sort) = (nil, .density)
        } else if filter.minimumScore != nil {
            (wider.filter.minimumScore, wider.sort) = (nil, .score)
        } else {
            return nil
        }
        return (wider.order, wider)
    }

    /// The command that lists the same neurons in the same order.
    var command: String { (["topsail neurons"] + arguments).joined(separator: " ") }

    /// The options of commands that mean these neurons, in this order.
    var arguments: [String] {
        var words: [String] = []
        switch scope {
        case .all: break
        case .category(let slug): words.append("--category \(slug.shellQuoted)")
        case .untagged: words.append("--untagged")
        case .tagged: words.append("--tagged-by human")
        case .list(let name): words.append("--list \(name.shellQuoted)")
        }
        if !filter.isEmpty { words.append("--filter \(filter.text.shellQuoted)") }
        words.append("--sort \(order.rawValue)")
        if isReversed { words.append("--reverse") }
        return words
    }
}
