/// A person's own collection of neurons.
public struct NeuronList: Sendable, Hashable {
    /// Unique in the catalog.
    public let name: String
    public let description: String
    /// Number of neurons in it.
    public let count: Int
}
