/// One neuron that fired on one token.
public struct ActiveFeature: Sendable, Hashable {
    /// Index of the latent within its SAE, `0 ..< d_sae`.
    public var index: Int32
    /// The activation: the latent's value after the SAE's activation function, in the SAE's own units.
    public var value: Float

    public init(index: Int32, value: Float) {
        self.index = index
        self.value = value
    }
}
