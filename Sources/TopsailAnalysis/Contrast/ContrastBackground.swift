/// How often each neuron fires on texts without any of the concepts: the absent texts of all concepts' pairs together.
///
/// A concept has about ten pairs, too few to tell a neuron of the concept from one that fires on one text in three. All absent
/// texts are hundreds, and were written like the present ones.
public struct ContrastBackground: Sendable, Hashable {
    /// Absent texts.
    public let texts: Int
    /// Those on which a neuron fired.
    private let fired: [Int]

    /// - Parameter contrasts: All concepts of one SAE.
    public init(_ contrasts: [ConceptContrast]) {
        texts = contrasts.reduce(0) { $0 + $1.pairs }
        fired = (contrasts.first?.absentFired.indices ?? 0..<0).map { neuron in
            contrasts.reduce(0) { $0 + $1.absentFired[neuron] }
        }
    }

    /// The chance that a neuron fires on a text without the concept. Never 0: half a firing is added.
    public func rate(_ neuron: Int) -> Double { (Double(fired[neuron]) + 0.5) / (Double(texts) + 1) }

    /// The chance that a neuron fires on at least as many of a concept's present texts if the concept has no effect.
    public func pValue(_ neuron: Int, in contrast: ConceptContrast) -> Double {
        BinomialTail.upper(contrast.presentFired[neuron], of: contrast.pairs, probability: rate(neuron))
    }
}
