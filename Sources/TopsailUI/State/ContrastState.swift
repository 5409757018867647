import TerminalKit
import TopsailEngine

/// The third screen: contrast pairs, what they say about the SAEs, and the neurons that tell a concept from its absence.
public struct ContrastState: Sendable {
    public enum Pane: Int, Sendable, Hashable, CaseIterable {
        case concepts, saes, neurons, pairs
    }

    /// One concept with its pairs, as places in `pairs`.
    public struct Concept: Sendable, Hashable {
        public var slug: String
        public var pairs: [Int]
    }

    public struct FindingKey: Sendable, Hashable {
        public var sae: String
        public var concept: String
    }

    public var pane = Pane.concepts
    public var isZoomed = false
    /// Whether the pairs were asked for.
    public var isOpened = false
    /// `nil` until they are here.
    public private(set) var pairs: [PromptPair]?
    /// The file that the pairs come from; `nil` for those of the program and a person's own.
    public private(set) var file: String?
    /// In the order of their first pairs.
    public private(set) var concepts: [Concept] = []
    public var findings: [FindingKey: ContrastFinding] = [:]
    /// SAEs of which something was found, in the order of the findings.
    public var saes: [String] = []

    public var conceptCursor = ListCursor()
    public var saeCursor = ListCursor()
    public var neuronCursor = ListCursor()
    public var pairCursor = ListCursor()
    /// In the order of marking.
    public var marks: [NeuronKey] = []
    /// Number of the last run; steps of earlier ones are dropped.
    public var generation = 0

    public init() {}

    public mutating func take(_ pairs: [PromptPair], from file: String?) {
        self.pairs = pairs
        self.file = file
        var places: [String: Int] = [:]
        concepts = []
        for (index, pair) in pairs.enumerated() {
            if let place = places[pair.concept] {
                concepts[place].pairs.append(index)
            } else {
                places[pair.concept] = concepts.count
                concepts.append(Concept(slug: pair.concept, pairs: [index]))
            }
        }
    }
}

extension ContrastState {
    public var own: [PromptPair] { (pairs ?? []).filter(\.isOwn) }

    public var concept: Concept? {
        concepts.indices.contains(conceptCursor.selected) ? concepts[conceptCursor.selected] : nil
    }

    /// The pairs of the selected concept.
    public var shownPairs: [PromptPair] { (concept?.pairs ?? []).compactMap { pairs?[$0] } }

    public var selectedPair: PromptPair? {
        let shown = shownPairs
        return shown.indices.contains(pairCursor.selected) ? shown[pairCursor.selected] : nil
    }

    public var sae: String? { saes.indices.contains(saeCursor.selected) ? saes[saeCursor.selected] : nil }

    public func finding(_ concept: String, sae: String?) -> ContrastFinding? {
        sae.flatMap { findings[FindingKey(sae: $0, concept: concept)] }
    }

    /// What the selected SAE says about the selected concept.
    public var finding: ContrastFinding? { concept.flatMap { finding($0.slug, sae: sae) } }

    public var selectedNeuron: NeuronKey? {
        guard let finding, finding.neurons.indices.contains(neuronCursor.selected) else { return nil }
        return NeuronKey(sae: finding.sae, index: finding.neurons[neuronCursor.selected].index)
    }

    /// Mean `I_CDF` over the concepts that were read, and how many those are.
    public func meanICDF(of sae: String) -> (value: Double, concepts: Int)? {
        let values = findings.values.filter { $0.sae == sae }.map(\.iCDF)
        return values.isEmpty ? nil : (values.reduce(0, +) / Double(values.count), values.count)
    }

    mutating func take(_ new: [ContrastFinding]) {
        for finding in new {
            findings[FindingKey(sae: finding.sae, concept: finding.concept)] = finding
            if !saes.contains(finding.sae) { saes.append(finding.sae) }
        }
    }
}
