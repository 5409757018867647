import TerminalKit
import TopsailCore
import TopsailEngine

/// Draws the neurons that tell the selected concept from its absence.
struct ContrastNeuronsView {
    private let state: ExplorerState
    private let layout: ContrastLayout
    private var theme: Theme { state.theme }
    private var contrast: ContrastState { state.contrast }

    init(_ state: ExplorerState, _ layout: ContrastLayout) {
        self.state = state
        self.layout = layout
    }

    func draw(into frame: inout Frame, isFocused: Bool) {
        PaneBox(title: title, note: note, isFocused: isFocused).draw(into: &frame, in: layout.neurons, theme: theme)
        let inside = layout.neuronArea(state)
        guard let finding = contrast.finding, let side = contrast.side else {
            return frame.putParagraphs(notReadWords, in: inside, style: theme.style(.dim))
        }
        let neurons = contrast.neurons
        guard !neurons.isEmpty else {
            return frame.putParagraphs(emptyWords(side), in: inside, style: theme.style(.dim))
        }
        let columns = columns(finding, side)
        let filter = FuzzyFilter(contrast.neuronFilter)
        Table(tableColumns(columns, isNormalised: finding.isNormalised).map(\.column)).draw(
            into: &frame, in: inside, count: neurons.count, cursor: contrast.neuronCursor, theme: theme,
            isFocused: isFocused && contrast.filterLine == nil
        ) { row(neurons[$0], of: finding, columns, filter) }
    }

    private func columns(_ finding: ContrastFinding, _ side: ContrastFinding.Side) -> Columns {
        let width = layout.neuronArea(state).width
        return Columns(
            idWidth: side.neurons.map { state.name(of: key($0, finding)).count }.max() ?? 4, width: width,
            highest: side.neurons.map(\.effect).max() ?? 0, showsAUROC: width >= 56 || contrast.sort == .auroc)
    }

    /// What a click on the header sorts by.
    func sort(at position: Position) -> ContrastState.Sort? {
        let area = layout.neuronArea(state)
        guard position.y == area.y, let finding = contrast.finding, let side = contrast.side,
            !contrast.neurons.isEmpty
        else { return nil }
        let all = tableColumns(columns(finding, side), isNormalised: finding.isNormalised)
        return Table(all.map(\.column)).column(at: position.x, from: area.x, width: area.width).flatMap { all[$0].sort }
    }

    // MARK: Title

    /// What is on show: `Neurons 12 of 1,234 /sorry, 5 pass`.
    private var title: String {
        let name = contrast.isSwapped ? "Without the concept" : "Neurons"
        guard let side = contrast.side else { return name }
        let shown = contrast.neuronRows.count
        let count =
            shown < side.total ? "\(Figures.count(shown)) of \(Figures.count(side.total))" : Figures.count(shown)
        let filter =
            contrast.neuronFilter.isEmpty || contrast.filterLine != nil
            ? "" : " /" + PrintableText.printable(contrast.neuronFilter)
        return "\(name) \(count)\(filter), \(side.neurons.count(where: \.isChosen)) pass"
    }

    /// The order, and what chance was measured on where there is room.
    private var note: String {
        guard let finding = contrast.finding else { return "" }
        let order = contrast.sort.rawValue + (contrast.isReversed ? " reversed" : "")
        let isCoarse = Set(contrast.findings.keys.map(\.concept)).count < contrast.concepts.count
        let whole =
            "q from \(Figures.count(finding.backgroundTexts)) texts"
            + (isCoarse ? "; \(state.keyName(of: .runAll)) reads all" : "")
            + " · by \(order)"
        return DisplayWidth.of(title + whole) + 6 <= layout.neurons.width ? whole : "by \(order)"
    }

    // MARK: Rows

    private struct Columns {
        var idWidth: Int
        var width: Int
        var highest: Double

        var barWidth: Int { width >= 76 ? 8 : 0 }
        /// Beside the list it stands at any width; here it is when there is room, or when it gives the order.
        var showsAUROC: Bool
    }

    private func tableColumns(
        _ columns: Columns, isNormalised: Bool
    ) -> [(column: Table.Column, sort: ContrastState.Sort?)] {
        func number(
            _ title: String, _ sort: ContrastState.Sort?, width: Int, priority: Int
        ) -> (column: Table.Column, sort: ContrastState.Sort?) {
            let isSorted = sort == contrast.sort
            let sign = isSorted ? (contrast.isReversed ? theme.glyphs.reversedSort : theme.glyphs.expanded) : ""
            return (
                .number(title + sign, width: max(width, title.count + (isSorted ? 1 : 0)), priority: priority), sort
            )
        }
        var all = [
            number("id", .id, width: columns.idWidth, priority: 4), number("freq", .frequency, width: 4, priority: 3),
            number("rev", nil, width: 4, priority: 3),
            number(isNormalised ? "eff×q" : "effect", .effect, width: 6, priority: 2),
        ]
        if columns.barWidth > 0 { all.append((Table.Column("", .fixed(columns.barWidth)), .effect)) }
        if columns.showsAUROC { all.append(number("AUROC", .auroc, width: 5, priority: 2)) }
        all.append(number("q", .chance, width: 5, priority: 2))
        all.append((.text("label", minimum: 8, priority: 3), nil))
        return all
    }

    private func key(_ neuron: ContrastFinding.Neuron, _ finding: ContrastFinding) -> NeuronKey {
        NeuronKey(sae: finding.sae, index: neuron.index)
    }

    private func row(
        _ neuron: ContrastFinding.Neuron, of finding: ContrastFinding, _ columns: Columns, _ filter: FuzzyFilter
    ) -> Table.Row {
        let key = key(neuron, finding)
        let label = state.labels[key]?.text.map { PrintableText.printable($0) }
        let isTagged = state.labels[key]?.categories.contains(finding.concept) == true
        // What does not pass the selection is faint; the words in the title say how many do.
        let style = theme.style(neuron.isChosen ? .text : .dim)
        var fields = [
            Table.Field(state.name(of: key), style: style), Table.Field(Figures.share(neuron.frequency), style: style),
            Table.Field(Figures.share(neuron.reverseFrequency), style: theme.style(.dim)),
            Table.Field(
                finding.isNormalised ? Figures.share(neuron.effect) : Figures.activation(Float(neuron.effect)),
                style: style),
        ]
        if columns.barWidth > 0 {
            let level = columns.highest > 0 ? max(0, neuron.effect) / columns.highest : 0
            fields.append(
                Table.Field(
                    theme.glyphs.horizontalBar(level, width: columns.barWidth), style: theme.style(.accent)))
        }
        if columns.showsAUROC {
            fields.append(
                Table.Field(neuron.evidence.auroc.map { Figures.share($0) } ?? theme.glyphs.missing, style: style))
        }
        fields.append(Table.Field(Figures.chance(neuron.qValue), style: style))
        let sign = isTagged ? theme.glyphs.star + " " : ""
        let matches = label.flatMap { filter.isEmpty ? nil : filter.match($0)?.positions.map { $0 + sign.count } }
        fields.append(Table.Field(sign + (label ?? theme.glyphs.missing), style: style, matches: matches ?? []))
        return Table.Row(fields, isMarked: contrast.marks.contains(key))
    }

    // MARK: Empty

    private func emptyWords(_ side: ContrastFinding.Side) -> [String] {
        guard side.neurons.isEmpty else {
            return [
                "None of these neurons matches “\(PrintableText.printable(contrast.neuronFilter))”.", "",
                "\(state.clearingKeyName) clears the filter.",
            ]
        }
        return [
            contrast.isSwapped
                ? "No neuron of this SAE fires only where the concept is not."
                : "No neuron of this SAE fires only where the concept is."
        ]
    }

    private var notReadWords: [String] {
        if let job = state.job(.contrast) {
            let words = job.progress.map { "\(Figures.count($0.done)) of \(Figures.count($0.of)) texts are read." }
            return [words ?? "", "", "\(state.keyName(of: .back)) stops; what was found stays."]
        }
        if contrast.pairs == nil { return ["The pairs are being read."] }
        guard contrast.concept != nil else { return [] }
        return [
            "\(state.keyName(of: .open)) reads this concept's pairs with the model and lists the neurons that fire where the concept is and are silent where it is not.",
            "", "freq   share of pairs it tells apart", "rev    the same, roles exchanged: chance",
            "AUROC  with the concept above without it", "q      expected share of chance finds",
        ]
    }
}
