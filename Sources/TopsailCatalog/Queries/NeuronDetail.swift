import TopsailCore

/// Everything that the catalog knows about one neuron.
public struct NeuronDetail: Sendable, Hashable {
    /// The same neuron as a line of a list.
    public let row: NeuronRow
    public let statistics: NeuronStatistics
    /// Every explanation: a person's first, then the derived ones with the highest correlation first.
    public let explanations: [NeuronExplanation]
    /// Every tag in the taxonomy's order, those that a person rejected among them.
    public let tags: [NeuronTag]
    public let contexts: [ActivatingContext]
    public let histogram: ActivationHistogram?
    public let logitEffects: LogitEffects
    public let similar: [RelatedNeuron]
    public let coactive: [RelatedNeuron]
    /// A person's note.
    public let note: String?
    /// A person's rating, 1 … 5 stars.
    public let rating: Int?
    /// Names of the person's lists that hold it.
    public let lists: [String]
    /// The SAE it belongs to, with what its statistics were counted over.
    public let sae: SAERecord

    public var id: NeuronID { row.id }
}
