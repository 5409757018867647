import TopsailCore

/// A relation to another neuron of the same SAE, as it is written.
public struct NeuronLink: Sendable, Hashable {
    /// Index of the other neuron.
    public var index: Int
    /// Cosine of the decoder rows, or the measure of co-activation.
    public var value: Float

    public init(index: Int, value: Float) {
        self.index = index
        self.value = value
    }
}

/// A related neuron as it is read back, with what it stands for.
public struct RelatedNeuron: Sendable, Hashable {
    public let id: NeuronID
    public let index: Int
    /// Cosine of the decoder rows, or the measure of co-activation.
    public let value: Float
    /// The other neuron's explanation, if it has one.
    public let explanation: String?
}
