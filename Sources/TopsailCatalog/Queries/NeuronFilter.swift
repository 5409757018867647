/// Which neurons a list shows. Conditions are joined by “and”; the default keeps every neuron.
public struct NeuronFilter: Sendable, Hashable {
    /// Which part of the category tree.
    public var category: CategorySelection = .all
    /// Name of an SAE.
    public var sae: String?
    /// Layer of the SAE's hook.
    public var layer: Int?
    /// Words to look for in explanations, notes and tags; see `SearchExpression`. Blank means no condition.
    public var search: String?
    /// Only neurons with a tag by this source; with a category selected, that tag must be in the category.
    public var taggedBy: TagSource?
    /// Only neurons whose density is known and within these bounds.
    public var density: ClosedRange<Double>?
    /// Only neurons whose largest activation is known and within these bounds.
    public var maxActivation: ClosedRange<Float>?
    /// Only neurons whose shown explanation has at least this correlation score.
    public var minimumScore: Double?
    /// Name of a person's list.
    public var list: String?
    /// `true`: only neurons with a note; `false`: only those without.
    public var hasNote: Bool?
    /// `true`: only neurons with an explanation by anyone; `false`: only those without.
    public var hasExplanation: Bool?

    public init(
        category: CategorySelection = .all, sae: String? = nil, layer: Int? = nil, search: String? = nil,
        taggedBy: TagSource? = nil
    ) {
        self.category = category
        self.sae = sae
        self.layer = layer
        self.search = search
        self.taggedBy = taggedBy
    }
}

/// A node of the category tree, or one of the three that are not categories.
public enum CategorySelection: Sendable, Hashable {
    case all
    /// A category by its slug, with everything below it.
    case slug(String)
    /// Neurons with no tag.
    case untagged
    /// Neurons that a person tagged.
    case mine
}
