import TopsailCore

/// A GroupMax SAE (EleutherAI sparsify): neurons lie in k equal consecutive groups, and the strongest of each group that is
/// above zero survives.
public final class GroupMaxSAE: LinearSAE {
    let core: LinearCore
    /// The number of groups.
    public let k: Int

    /// - Precondition: `k` divides the number of neurons.
    init(core: LinearCore, k: Int) {
        precondition(k > 0 && core.info.dSAE % k == 0, "\(core.info.dSAE) neurons do not make \(k) equal groups")
        self.core = core
        self.k = k
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        core.encode(x, tokens: tokens) { [size = core.info.dSAE / k] _ in GroupMaxSelector(size: size) }
    }
}
