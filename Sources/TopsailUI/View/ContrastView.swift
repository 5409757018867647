import TerminalKit
import TopsailCore
import TopsailEngine

/// Draws the third screen.
struct ContrastView {
    let state: ExplorerState
    let layout: ContrastLayout

    init(_ state: ExplorerState) {
        self.state = state
        layout = ContrastLayout(state)
    }

    private var theme: Theme { state.theme }
    private var contrast: ContrastState { state.contrast }

    private func hasFocus(_ pane: ContrastState.Pane) -> Bool { state.overlay == nil && contrast.pane == pane }

    func draw(into frame: inout Frame) {
        if !layout.concepts.isEmpty { drawConcepts(into: &frame) }
        if !layout.saes.isEmpty { drawSAEs(into: &frame) }
        if !layout.neurons.isEmpty {
            ContrastNeuronsView(state, layout).draw(into: &frame, isFocused: hasFocus(.neurons))
        }
        if !layout.evidence.isEmpty { ContrastEvidenceView(state).draw(into: &frame, in: layout.evidence) }
        if !layout.pairs.isEmpty { PairsView(state).draw(into: &frame, in: layout.pairs, isFocused: hasFocus(.pairs)) }
        // Last, because the terminal's cursor belongs where typing goes.
        drawFilterLine(into: &frame)
    }

    private func drawFilterLine(into frame: inout Frame) {
        guard let line = contrast.filterLine else { return }
        let area = layout.filterArea(state)
        guard !area.isEmpty else { return }
        frame.put("/", at: area.origin, style: theme.style(.accent), clip: area)
        line.draw(
            into: &frame, in: layout.filterEditor(state), theme: theme,
            placeholder: contrast.filtersConcepts ? "concept" : "words of labels, or an id")
    }

    // MARK: Concepts

    private func drawConcepts(into frame: inout Frame) {
        let isFocused = hasFocus(.concepts)
        PaneBox(title: conceptsTitle, isFocused: isFocused).draw(into: &frame, in: layout.concepts, theme: theme)
        let inside = layout.conceptArea(state)
        guard let pairs = contrast.pairs else {
            return frame.putParagraphs(["Reading the pairs…"], in: inside, style: theme.style(.dim))
        }
        guard !pairs.isEmpty else {
            return frame.putParagraphs(
                [
                    "There are no contrast pairs here.", "",
                    "\(state.keyName(of: .newPair)) writes one: a prompt with the concept, and the same without it.",
                    "\(state.keyName(of: .openFile)) opens a file of them.",
                ],
                in: inside, style: theme.style(.dim))
        }
        guard !contrast.conceptRows.isEmpty else {
            return frame.putParagraphs(
                [
                    "No concept matches “\(PrintableText.printable(contrast.conceptFilter))”.", "",
                    "\(state.clearingKeyName) clears the filter.",
                ],
                in: inside, style: theme.style(.dim))
        }
        let filter = FuzzyFilter(contrast.conceptFilter)
        Table([
            .text("concept", minimum: 10, priority: 3), .number("pairs", width: 5),
            .number("found", width: 5, priority: 2),
        ])
        .draw(
            into: &frame, in: inside, count: contrast.conceptRows.count, cursor: contrast.conceptCursor, theme: theme,
            isFocused: isFocused && contrast.filterLine == nil
        ) { index in
            let concept = contrast.concepts[contrast.conceptRows[index]]
            let label = PrintableText.printable(state.conceptLabel(concept.slug))
            let finding = contrast.finding(concept.slug, sae: contrast.sae)
            let side = finding.map { contrast.isSwapped ? $0.absent : $0.present }
            let found = side.map { String($0.neurons.count(where: \.isChosen)) }
            let isOwn = concept.pairs.allSatisfy { pairs[$0].isOwn }
            return Table.Row([
                Table.Field(
                    label, style: theme.style(isOwn ? .marked : .text),
                    matches: filter.isEmpty ? [] : filter.match(label)?.positions ?? []),
                Table.Field("\(concept.pairs.count)", style: theme.style(.dim)),
                Table.Field(found ?? "", style: theme.style(.accent)),
            ])
        }
    }

    /// What is on show: `Concepts 3 of 49 /abuse`.
    private var conceptsTitle: String {
        guard !contrast.concepts.isEmpty else { return "Concepts" }
        guard !contrast.conceptFilter.isEmpty else { return "Concepts \(contrast.concepts.count)" }
        let count = "Concepts \(contrast.conceptRows.count) of \(contrast.concepts.count)"
        return contrast.filterLine != nil ? count : count + " /" + PrintableText.printable(contrast.conceptFilter)
    }

    // MARK: SAEs

    private func drawSAEs(into frame: inout Frame) {
        let isFocused = hasFocus(.saes)
        let concept = contrast.concept.map { state.conceptLabel($0.slug) } ?? "SAEs"
        let title = PrintableText.printable(concept)
        let inside = PaneBox(title: title, note: saesNote(besides: title), isFocused: isFocused)
            .draw(into: &frame, in: layout.saes, theme: theme)
        guard !contrast.saes.isEmpty else {
            let words =
                contrast.pairs == nil
                ? "Reading the pairs…"
                : state.job(.contrast) == nil
                    ? "\(state.keyName(of: .open)) reads the pairs of this concept, \(state.keyName(of: .runAll)) those of all."
                    : "The first concept is being read."
            return frame.putParagraphs([words], in: inside, style: theme.style(.dim))
        }
        var columns: [Table.Column] = [
            .text("SAE", minimum: 8, priority: 3), .number("I_CDF", width: 6, priority: 3),
        ]
        // What chance gives stands beside each count: the same with the roles exchanged.
        columns += ContrastFinding.thresholds.map {
            .number("L0≥\(Figures.share($0))", width: 8, priority: $0 == 0.5 ? 2 : 1)
        }
        if showsMean { columns.append(.number("mean I_CDF", width: 10)) }
        let names = SharedAffixes(
            contrast.saes.map { PrintableText.printable($0) }, ellipsis: theme.glyphs.ellipsis)
        let table = Table(columns)
        let room = table.widths(in: inside.width)[0]
        table.draw(
            into: &frame, in: inside, count: contrast.saes.count, cursor: contrast.saeCursor, theme: theme,
            isFocused: isFocused
        ) { index in
            let sae = contrast.saes[index]
            let finding = contrast.concept.flatMap { contrast.finding($0.slug, sae: sae) }
            let missing = theme.glyphs.missing
            let name = names.shorten(PrintableText.printable(sae), to: room)
            var fields = [
                Table.Field(name), Table.Field(finding.map { Figures.fine($0.iCDF) } ?? missing),
            ]
            for place in ContrastFinding.thresholds.indices {
                let count = finding?.counts[place]
                fields.append(Table.Field(count.map { "\($0.neurons) (\($0.reversed))" } ?? missing))
            }
            if let mean = contrast.meanICDF(of: sae) {
                fields.append(Table.Field(Figures.fine(mean.value), style: theme.style(.dim)))
            }
            return Table.Row(fields)
        }
    }

    private var showsMean: Bool { layout.saes.interior.width >= 60 }

    /// How many pairs were read, which rows are on show, and over how many concepts the mean is: as much as there is room for.
    private func saesNote(besides title: String) -> String {
        guard let finding = contrast.finding else { return "" }
        var parts = ["\(finding.pairs) pairs"]
        if showsMean, let mean = contrast.meanICDF(of: finding.sae) {
            parts.insert("mean of \(mean.concepts) concept\(mean.concepts == 1 ? "" : "s")", at: 0)
        }
        let rows = layout.saes.interior.height - 1
        if let extent = ListExtent.words(contrast.saeCursor, count: contrast.saes.count, height: rows) {
            parts.append("SAE \(extent)")
        }
        while parts.count > 1, DisplayWidth.of(title + parts.joined(separator: " · ")) + 6 > layout.saes.width {
            parts.removeFirst()
        }
        return parts.joined(separator: " · ")
    }
}
