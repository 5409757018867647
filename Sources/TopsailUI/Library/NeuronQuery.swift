/// Which neurons the table shows, and in which order.
public struct NeuronQuery: Sendable, Hashable {
    /// The row of the category tree that is selected.
    public enum Scope: Sendable, Hashable {
        case all
        case category(String)
        case untagged
        /// Tagged by a person.
        case tagged
    }

    public enum Sort: String, Sendable, Hashable, CaseIterable {
        case score, max, density, id
        /// How well the words match; by score where there are none.
        case relevance

        /// Whether large values come first unless reversed.
        public var startsHigh: Bool { self != .id }
    }

    public var scope: Scope
    public var filter: FilterExpression
    public var sort: Sort
    /// `true`: against the sort's own direction.
    public var isReversed: Bool

    public init(
        scope: Scope = .all, filter: FilterExpression = FilterExpression(), sort: Sort = .score,
        isReversed: Bool = false
    ) {
        self.scope = scope
        self.filter = filter
        self.sort = sort
        self.isReversed = isReversed
    }

    /// What there is to choose from: without words nothing is relevant.
    public var sorts: [Sort] { Sort.allCases.filter { $0 != .relevance || !filter.words.isEmpty } }

    /// The order that the list is in.
    public var order: Sort { sorts.contains(sort) ? sort : .score }

    public var isDescending: Bool { order.startsHigh != isReversed }
}
