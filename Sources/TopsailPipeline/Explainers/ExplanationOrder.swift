import TopsailCatalog

/// Neurons in the order in which it is worth explaining them: those of a safety category first, the ones that tell its
/// presence best before the others, then all others by falling density.
public enum ExplanationOrder {
    public static func sorted(_ neurons: [NeuronDetail]) -> [NeuronDetail] {
        neurons.sorted { key($0) < key($1) }
    }

    private static func key(_ neuron: NeuronDetail) -> (Int, Double, Double) {
        let frequency = contrastFrequency(neuron)
        let isTagged = neuron.tags.contains { !$0.isRejected }
        let rank = frequency != nil ? 0 : (isTagged ? 1 : 2)
        return (rank, -(frequency ?? 0), -(neuron.statistics.density ?? 0))
    }

    /// The largest share of a concept's contrast pairs that the neuron tells apart; `nil` where no pairs tagged it.
    static func contrastFrequency(_ neuron: NeuronDetail) -> Double? {
        neuron.tags.filter { !$0.isRejected }.flatMap(\.evidence)
            .filter { $0.source == .contrast }.compactMap(\.score).max()
    }
}
