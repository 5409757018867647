/// The taxonomy with the number of neurons at each of its nodes.
public struct CategoryTree: Sendable, Hashable {
    /// The top-level categories in the taxonomy's order.
    public let domains: [CategoryCount]
    /// Neurons in the catalog, or in the SAE that was asked for.
    public let neurons: Int
    /// Neurons with at least one tag.
    public let tagged: Int
    /// Neurons that a person tagged.
    public let mine: Int

    /// Neurons with no tag.
    public var untagged: Int { neurons - tagged }

    /// Every category, each domain followed by its concepts.
    public var flattened: [CategoryCount] { domains.flatMap { [$0] + $0.children } }

    public subscript(slug: String) -> CategoryCount? { flattened.first { $0.slug == slug } }
}

/// One category and how many neurons carry it.
public struct CategoryCount: Sendable, Hashable {
    public let slug: String
    public let label: String
    public let description: String?
    /// Slug of the domain; `nil` for a domain.
    public let parent: String?
    /// Neurons tagged with this very category.
    public let direct: Int
    /// Neurons tagged with it or with something below it, each counted once.
    public let total: Int
    /// The concepts of a domain.
    public let children: [CategoryCount]
}
