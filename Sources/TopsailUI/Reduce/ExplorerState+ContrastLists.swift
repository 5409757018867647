import TerminalKit
import TopsailEngine

/// Filtering and sorting on the third screen.
extension ExplorerState {
    /// Brings the lists to what is filtered and sorted; what was selected stays so where it is still on show.
    mutating func arrangeContrast() {
        arrangeConcepts()
        arrangeNeurons()
    }

    private mutating func arrangeConcepts() {
        let before = contrast.concept?.slug
        let filter = FuzzyFilter(contrast.conceptFilter)
        contrast.conceptRows = contrast.concepts.indices.filter { place in
            guard !filter.isEmpty else { return true }
            let slug = contrast.concepts[place].slug
            return filter.match("\(conceptLabel(slug)) \(slug)") != nil
        }
        guard let before, contrast.concept?.slug != before else { return }
        let row = contrast.conceptRows.firstIndex { contrast.concepts[$0].slug == before }
        contrast.conceptCursor = ListCursor(selected: row ?? 0, offset: contrast.conceptCursor.offset)
        if row == nil { conceptChanged() }
    }

    private mutating func arrangeNeurons() {
        guard let finding = contrast.finding, let side = contrast.side else {
            contrast.neuronRows = []
            contrast.shownSide = nil
            return
        }
        let shown = ShownSide(
            finding: .init(sae: finding.sae, concept: finding.concept), isSwapped: contrast.isSwapped)
        let before = contrast.shownSide == shown ? contrast.selected?.index : nil
        contrast.shownSide = shown
        let filter = FuzzyFilter(contrast.neuronFilter)
        let rows = side.neurons.indices.filter { place in
            guard !filter.isEmpty else { return true }
            let key = NeuronKey(sae: finding.sae, index: side.neurons[place].index)
            return filter.match("\(name(of: key)) \(labels[key]?.text ?? "")") != nil
        }
        let sorted = contrast.sort.order(rows, of: side.neurons)
        contrast.neuronRows = contrast.isReversed ? sorted.reversed() : sorted
        guard let before, let row = contrast.neuronRows.firstIndex(where: { side.neurons[$0].index == before }) else {
            return
        }
        contrast.neuronCursor = ListCursor(selected: row, offset: contrast.neuronCursor.offset)
    }

    /// What a click on a header does: that order, or against it when it is there already.
    mutating func sortContrast(by sort: ContrastState.Sort) {
        contrast.isReversed = contrast.sort == sort ? !contrast.isReversed : false
        contrast.sort = sort
        arrangeContrast()
    }

    mutating func sortContrast() {
        let all = ContrastState.Sort.allCases
        contrast.sort = all[(all.firstIndex(of: contrast.sort)! + 1) % all.count]
        contrast.isReversed = false
        arrangeContrast()
    }

    mutating func swapSides() -> [Effect] {
        contrast.isSwapped.toggle()
        contrast.neuronCursor = ListCursor()
        contrast.marks = []
        return contrast.finding.map { loadLabels(of: [$0]) } ?? []
    }

    /// Labels of the first neurons on each side, where they are not here.
    func loadLabels(of findings: [ContrastFinding]) -> [Effect] {
        let wanted = findings.flatMap { finding in
            (contrast.isSwapped ? finding.absent : finding.present).neurons.map {
                NeuronKey(sae: finding.sae, index: $0.index)
            }
        }
        let missing = Set(wanted).subtracting(labels.keys)
        return missing.isEmpty ? [] : [.loadLabels(missing.sorted { ($0.sae, $0.index) < ($1.sae, $1.index) })]
    }

    // MARK: The line typed after `/`

    mutating func openContrastFilter() {
        contrast.filterLine = TextEditor(contrast.filter, isSingleLine: true)
    }

    mutating func pressInContrastFilter(_ chord: KeyChord) -> [Effect] {
        switch chord {
        case "Enter": contrast.filterLine = nil
        case "Esc":
            contrast.filterLine = nil
            contrast.filter = ""
        case "Up", "Down": moveInContrast(by: chord == "Up" ? -1 : 1)
        default:
            guard contrast.filterLine?.handle(chord) == .changed else { return [] }
            contrastFilterTyped()
        }
        return []
    }

    mutating func contrastFilterTyped() { contrast.filter = contrast.filterLine?.text ?? "" }
}

extension ContrastState.Sort {
    /// Places sorted by what is looked for: high figures, low indices first. Equals keep the order of the finding.
    fileprivate func order(_ places: [Int], of neurons: [ContrastFinding.Neuron]) -> [Int] {
        func falling(_ value: (ContrastFinding.Neuron) -> Double) -> [Int] {
            places.sorted { (value(neurons[$1]), $0) < (value(neurons[$0]), $1) }
        }
        switch self {
        case .chance: return places
        case .frequency: return falling(\.frequency)
        case .effect: return falling(\.effect)
        case .auroc: return falling { $0.evidence.auroc ?? -1 }
        case .id: return places.sorted { neurons[$0].index < neurons[$1].index }
        }
    }
}
