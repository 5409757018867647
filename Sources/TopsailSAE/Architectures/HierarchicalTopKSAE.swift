import TopsailCore

/// HierarchicalTopK (Balagansky et al. 2025, arXiv 2505.24473): a TopK SAE trained for every budget up to K at once, so that
/// k may be chosen when it is used.
public final class HierarchicalTopKSAE: LinearSAE {
    let core: LinearCore
    /// The budget in use.
    public let k: Int
    /// The largest budget it was trained for.
    public let largestK: Int

    /// - Precondition: `1 ... largestK` holds `k`.
    init(core: LinearCore, k: Int, largestK: Int) {
        precondition((1...largestK).contains(k), "\(k) active neurons of at most \(largestK)")
        self.core = core
        self.k = k
        self.largestK = largestK
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        encode(x, tokens: tokens, k: k)
    }

    /// Encodes with another budget; what a smaller one keeps is the head of what a larger one keeps.
    public func encode(_ x: UnsafePointer<Float>, tokens: Int, k: Int) -> [[ActiveFeature]] {
        core.encode(x, tokens: tokens) { _ in TopKSelector(k: k) }
    }
}
