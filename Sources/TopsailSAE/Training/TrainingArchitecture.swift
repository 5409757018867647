/// What kinds of SAE can be trained.
public enum TrainingArchitecture: String, Sendable, Hashable, Codable, CaseIterable {
    /// ReLU with an L1 penalty.
    case standard
    case gated, jumprelu, topk, batchtopk, abstopk
    /// BatchTopK whose first m neurons reconstruct alone too.
    case matryoshka
    /// TopK whose loss counts every budget up to k.
    case hierarchical = "hierarchicaltopk"
    /// TopK with a penalty on neurons that write alike.
    case orthogonal = "ortsae"
    /// TopK on pairs of units of a smaller encoder.
    case kron = "kronsae"

    /// Whether k is what an activation function keeps; else it is the L0 that the sparsity penalty is steered to.
    public var choosesByCount: Bool {
        switch self {
        case .standard, .gated, .jumprelu: false
        case .topk, .batchtopk, .abstopk, .matryoshka, .hierarchical, .orthogonal, .kron: true
        }
    }
}
