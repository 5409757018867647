/// One category of the taxonomy with the number of neurons that carry it.
public struct CategoryNode: Sendable, Hashable {
    /// `violence`, `violence.threat`.
    public var slug: String
    public var label: String
    public var description: String?
    /// Slug of the domain that a concept belongs to; `nil` for a domain.
    public var parent: String?
    /// Neurons with this category, or one below it.
    public var count: Int

    public init(slug: String, label: String, description: String? = nil, parent: String?, count: Int) {
        self.slug = slug
        self.label = label
        self.description = description
        self.parent = parent
        self.count = count
    }
}

/// The whole left side of Browse.
public struct CategoryCounts: Sendable, Hashable {
    /// Domains in taxonomy order, each followed by its concepts.
    public var nodes: [CategoryNode]
    public var all: Int
    public var untagged: Int
    /// Neurons that a person tagged.
    public var tagged: Int
    /// A person's lists by name.
    public var lists: [List]

    public struct List: Sendable, Hashable {
        public var name: String
        public var count: Int

        public init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }

    public init(
        nodes: [CategoryNode] = [], all: Int = 0, untagged: Int = 0, tagged: Int = 0, lists: [List] = []
    ) {
        self.nodes = nodes
        self.all = all
        self.untagged = untagged
        self.tagged = tagged
        self.lists = lists
    }
}
