/// The order of a list of neurons. Neurons without the value come last in either direction.
public struct NeuronSort: Sendable, Hashable {
    public enum Key: String, Sendable, Hashable, CaseIterable, Codable {
        /// Correlation score of the shown explanation.
        case score
        /// Share of tokens on which the neuron fires.
        case density
        /// Largest activation.
        case max
        /// Layer, then SAE, then index.
        case id
        /// How well the words that were searched for match: explanations before notes and tags, those before contexts. By
        /// score where nothing is searched for, or where so many neurons match that the words tell nothing.
        case relevance
        /// How strongly a neuron speaks for the category that is selected, or for any: those that a person tagged, then by the
        /// share of contrast pairs that it tells apart, then by score. By score alone in a list of all of a large catalog.
        case evidence
    }

    public var key: Key
    public var ascending: Bool

    public init(_ key: Key, ascending: Bool) {
        self.key = key
        self.ascending = ascending
    }

    /// In the direction that people mean: names rise, figures fall.
    public init(_ key: Key) {
        self.init(key, ascending: key == .id)
    }
}
