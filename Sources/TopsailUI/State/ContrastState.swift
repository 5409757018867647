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

    /// What the neurons are sorted by.
    public enum Sort: String, Sendable, Hashable, CaseIterable {
        /// Those that pass the selection, then others by rising chance.
        case chance = "q"
        case frequency = "freq"
        case effect
        case auroc = "AUROC"
        case id
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
    /// SAEs of which something was found, by name.
    public var saes: [String] = []

    /// Whether the neurons are those that fire only where the concept is not.
    public var isSwapped = false
    public var sort = Sort.chance
    public var isReversed = false
    /// Words that the concepts and the neurons have to match.
    public var conceptFilter = ""
    public var neuronFilter = ""
    /// The filter being typed, for the pane with the focus; `nil` while none is.
    public var filterLine: TextEditor?
    /// Places of the concepts on show, in `concepts`; likewise the neurons, in `side`.
    public internal(set) var conceptRows: [Int] = []
    public internal(set) var neuronRows: [Int] = []
    /// What `neuronRows` are places in.
    var shownSide: ShownSide?

    /// A row of `conceptRows`; likewise `neuronCursor` of `neuronRows`.
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
        conceptRows = Array(concepts.indices)
    }
}

/// One list of neurons: what is selected stays selected while it is sorted and filtered, and not when it is another one.
struct ShownSide: Sendable, Hashable {
    var finding: ContrastState.FindingKey
    var isSwapped: Bool
}

extension ContrastState {
    public var own: [PromptPair] { (pairs ?? []).filter(\.isOwn) }

    public var concept: Concept? {
        guard conceptRows.indices.contains(conceptCursor.selected) else { return nil }
        let place = conceptRows[conceptCursor.selected]
        return concepts.indices.contains(place) ? concepts[place] : nil
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

    /// The side of the finding whose neurons are listed.
    public var side: ContrastFinding.Side? { finding.map { isSwapped ? $0.absent : $0.present } }

    /// The neurons on show, sorted and filtered.
    public var neurons: [ContrastFinding.Neuron] {
        guard let side else { return [] }
        return neuronRows.compactMap { side.neurons.indices.contains($0) ? side.neurons[$0] : nil }
    }

    /// The selected neuron with what was found of it.
    public var selected: ContrastFinding.Neuron? {
        guard let side, neuronRows.indices.contains(neuronCursor.selected) else { return nil }
        let place = neuronRows[neuronCursor.selected]
        return side.neurons.indices.contains(place) ? side.neurons[place] : nil
    }

    public var selectedNeuron: NeuronKey? {
        guard let finding, let selected else { return nil }
        return NeuronKey(sae: finding.sae, index: selected.index)
    }

    /// The filter of the pane with the focus: concepts for the lists of concepts and SAEs, else neurons.
    public var filter: String {
        get { filtersConcepts ? conceptFilter : neuronFilter }
        set { if filtersConcepts { conceptFilter = newValue } else { neuronFilter = newValue } }
    }

    public var filtersConcepts: Bool { pane == .concepts || pane == .saes }

    /// Mean `I_CDF` over the concepts that were read, and how many those are.
    public func meanICDF(of sae: String) -> (value: Double, concepts: Int)? {
        let values = findings.values.filter { $0.sae == sae }.map(\.iCDF)
        return values.isEmpty ? nil : (values.reduce(0, +) / Double(values.count), values.count)
    }

    mutating func take(_ new: [ContrastFinding]) {
        let selected = sae
        for finding in new {
            findings[FindingKey(sae: finding.sae, concept: finding.concept)] = finding
            if !saes.contains(finding.sae) { saes.append(finding.sae) }
        }
        saes.sort(by: NaturalOrder.precedes)
        if let selected, let place = saes.firstIndex(of: selected), place != saeCursor.selected {
            saeCursor = ListCursor(selected: place, offset: saeCursor.offset)
        }
    }
}
