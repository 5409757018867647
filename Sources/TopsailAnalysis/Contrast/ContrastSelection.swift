/// Chooses the neurons of a concept from what the pairs show.
public struct ContrastSelection: Sendable, Hashable {
    /// Lowest share of pairs told apart.
    public var minimumFrequency = 0.15
    /// Frequency must exceed the reverse frequency by more than this.
    public var minimumNet = 0.1
    /// Share of the chosen that may be there by chance (Benjamini and Hochberg 1995).
    public var falseDiscoveryRate = 0.05
    /// Most neurons of a concept.
    public var limit = 40

    public init() {}

    /// A neuron chosen for a concept.
    public struct Choice: Sendable, Hashable {
        public var neuron: Int
        public var frequency: Double
        public var reverseFrequency: Double
        public var effect: Double
        /// Chance of firing on as many present texts without an effect of the concept.
        public var pValue: Double

        public var net: Double { frequency - reverseFrequency }
    }

    /// The chosen neurons, the least likely to be there by chance first; among equals by effect, then index.
    public func choose(_ contrast: ConceptContrast, background: ContrastBackground) -> [Choice] {
        let frequency = contrast.frequency
        let reverse = contrast.reverseFrequency
        let effect = contrast.effect
        let all = frequency.indices.map { neuron in
            Choice(
                neuron: neuron, frequency: frequency[neuron], reverseFrequency: reverse[neuron],
                effect: effect[neuron], pValue: background.pValue(neuron, in: contrast))
        }
        let qValues = FalseDiscovery.qValues(all.map(\.pValue))
        let choices = zip(all, qValues).filter { choice, qValue in
            qValue <= falseDiscoveryRate && choice.frequency >= minimumFrequency && choice.net > minimumNet
                && choice.effect > 0
        }.map(\.0)
        return Array(
            choices.sorted { ($0.pValue, $1.effect, $0.neuron) < ($1.pValue, $0.effect, $1.neuron) }.prefix(limit))
    }
}
