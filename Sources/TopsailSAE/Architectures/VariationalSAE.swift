import TopsailCore

/// A variational SAE at inference: features are the means, which have no ReLU and may be negative; sampling around them
/// belongs to training. Nothing is sparse unless a top-k follows.
///
/// The learned variance is not needed and not read. Layout and rule: forks of dictionary_learning (vSAE, arXiv 2509.22994).
public final class VariationalSAE: LinearSAE {
    let core: LinearCore
    /// Keeps the k largest means; `nil` keeps all.
    public let k: Int?

    init(core: LinearCore, k: Int? = nil) {
        self.core = core
        self.k = k
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        guard let k else { return core.encode(x, tokens: tokens) { _ in EverythingSelector() } }
        return core.encode(x, tokens: tokens) { _ in SignedTopKSelector(k: k) }
    }
}
