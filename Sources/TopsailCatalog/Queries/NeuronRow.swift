import TopsailCore

/// One line of a list of neurons.
public struct NeuronRow: Sendable, Hashable, Identifiable {
    /// The name people use: `14_1424` in the default SAE set, else `sae-name/1424`.
    public let id: NeuronID
    /// Name of the SAE.
    public let sae: String
    /// Index within the SAE.
    public let index: Int
    /// Layer of the SAE's hook, where it has one.
    public let layer: Int?
    /// What it stands for: a person's words, else the derived explanation with the highest score.
    public let explanation: String?
    /// Who wrote `explanation`: `human`, `tokens`, `model` …
    public let explanationSource: String?
    /// Correlation score of that explanation, `-1 ... 1`.
    public let correlationScore: Double?
    /// Slugs of its categories in the taxonomy's order, whoever put them on.
    public let tags: [String]
    /// Whether a person put on one of the tags.
    public let isTaggedByHuman: Bool
    /// Share of counted tokens on which it fires.
    public let density: Double?
    /// Largest activation, in the SAE's units.
    public let max: Float?
    /// The 0.999 quantile of its activations.
    public let q999: Float?
}
