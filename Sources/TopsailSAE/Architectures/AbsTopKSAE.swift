import TopsailCore

/// An AbsTopK SAE (arXiv 2510.00404): the k pre-activations of largest magnitude survive with their signs, so that one
/// neuron can stand for both ends of an axis.
public final class AbsTopKSAE: LinearSAE {
    let core: LinearCore
    public let k: Int

    init(core: LinearCore, k: Int) {
        self.core = core
        self.k = k
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        core.encode(x, tokens: tokens) { [k] _ in AbsTopKSelector(k: k) }
    }
}
