import TopsailCore

/// Identifies a neuron throughout the explorer: an SAE's name and an index within it.
///
/// What a person reads is a `NeuronID`, which depends on whether the SAE is its layer's default: `LibrarySummary.id`.
public struct NeuronKey: Sendable, Hashable {
    public var sae: String
    public var index: Int

    public init(sae: String, index: Int) {
        self.sae = sae
        self.index = index
    }
}
