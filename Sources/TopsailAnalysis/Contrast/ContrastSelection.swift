/// Chooses the neurons of a concept from what the pairs show.
public struct ContrastSelection: Sendable, Hashable {
    /// Lowest share of pairs told apart.
    public var minimumFrequency = 0.25
    /// Frequency must exceed the reverse frequency by more than this.
    public var minimumNet = 0.1
    /// Highest share of the chosen that may be there by chance.
    public var maximumFalseShare = 0.25
    /// Most neurons of a concept.
    public var limit = 24

    public init() {}

    /// A neuron chosen for a concept.
    public struct Choice: Sendable, Hashable {
        public var neuron: Int
        public var frequency: Double
        public var reverseFrequency: Double
        public var effect: Double

        public var net: Double { frequency - reverseFrequency }
    }

    /// The chosen neurons, the best first: by net frequency, then effect, then index.
    ///
    /// If present and absent texts were exchanged at random, a net of −t would be as common as one of +t; so the
    /// neurons at −t or below estimate how many of those at +t or above are there by chance. The bar is raised until
    /// they are few enough.
    public func choose(_ contrast: ConceptContrast) -> [Choice] {
        let frequency = contrast.frequency
        let reverse = contrast.reverseFrequency
        let effect = contrast.effect
        let nets = zip(frequency, reverse).map { $0 - $1 }
        guard let bar = bar(nets) else { return [] }
        let choices = nets.indices
            .filter { frequency[$0] >= minimumFrequency && nets[$0] >= bar && effect[$0] > 0 }
            .map { Choice(neuron: $0, frequency: frequency[$0], reverseFrequency: reverse[$0], effect: effect[$0]) }
            .sorted { ($0.net, $0.effect, $1.neuron) > ($1.net, $1.effect, $0.neuron) }
        return Array(choices.prefix(limit))
    }

    /// The lowest net frequency at which few enough are there by chance; `nil` when there is none.
    private func bar(_ nets: [Double]) -> Double? {
        let candidates = Set(nets.filter { $0 > minimumNet }).sorted()
        return candidates.first { bar in
            let chosen = nets.count { $0 >= bar }
            let byChance = nets.count { $0 <= -bar }
            return Double(byChance) <= maximumFalseShare * Double(chosen)
        }
    }
}
