import TerminalKit
import TopsailCore
import TopsailEngine

/// Draws the fourth screen.
struct CheckpointsView {
    let state: ExplorerState
    let layout: CheckpointsLayout

    init(_ state: ExplorerState) {
        self.state = state
        layout = CheckpointsLayout(state)
    }

    private var theme: Theme { state.theme }
    private var checkpoints: CheckpointsState { state.checkpoints }

    private func hasFocus(_ pane: CheckpointsState.Pane) -> Bool { state.overlay == nil && checkpoints.pane == pane }

    func draw(into frame: inout Frame) {
        if !layout.list.isEmpty { drawList(into: &frame) }
        if !layout.frontier.isEmpty { drawFrontier(into: &frame) }
        if !layout.details.isEmpty { drawDetails(into: &frame) }
        if !layout.matches.isEmpty { drawMatches(into: &frame) }
        if !layout.densities.isEmpty {
            if checkpoints.comparison != nil { drawCosines(into: &frame) } else { drawDensities(into: &frame) }
        }
    }

    // MARK: List

    private func drawList(into frame: inout Frame) {
        let isFocused = hasFocus(.list)
        let count = checkpoints.entries.map { " \($0.count)" } ?? ""
        let order = checkpoints.sort.rawValue + (checkpoints.isReversed ? " reversed" : "")
        let inside = PaneBox(title: "SAEs\(count)", note: order, isFocused: isFocused).draw(
            into: &frame, in: layout.list, theme: theme)
        guard let entries = checkpoints.entries else {
            return frame.putParagraphs(["Reading the list…"], in: inside, style: theme.style(.dim))
        }
        guard !entries.isEmpty else {
            return frame.putParagraphs(
                ["There are no SAEs in this workspace.", "", "o opens a checkpoint file; topsail setup brings one."],
                in: inside, style: theme.style(.dim))
        }
        var columns: [Table.Column] = [.text("name", minimum: 12, priority: 5)]
        if inside.width >= 74 { columns.append(Table.Column("hook", .fixed(11))) }
        if inside.width >= 92 { columns.append(Table.Column("kind", .fixed(9))) }
        columns += [
            .number("L0", width: 5, priority: 4), .number("EV", width: 4, priority: 4),
            .number("CE rec", width: 6, priority: 2), .number("dead", width: 5, priority: 1),
            .number("I_CDF", width: 5, priority: 3),
        ]
        if inside.width >= 60 { columns.append(.number("width", width: 6, priority: 0)) }
        Table(columns).draw(
            into: &frame, in: inside, count: entries.count, cursor: checkpoints.cursor, theme: theme,
            isFocused: isFocused
        ) { row(entries[$0], width: inside.width) }
    }

    private func row(_ entry: CheckpointEntry, width: Int) -> Table.Row {
        let missing = theme.glyphs.missing
        func metric(_ name: String, _ format: (Double) -> String) -> Table.Field {
            Table.Field(entry.metrics[name].map(format) ?? missing)
        }
        let room = max(12, width - 36 - (width >= 74 ? 12 : 0) - (width >= 92 ? 10 : 0) - (width >= 60 ? 7 : 0))
        let name = TextLayout.truncateStart(
            PrintableText.printable(entry.name), to: room - 2, ellipsis: theme.glyphs.ellipsis)
        let star = entry.isDefault ? " " + theme.glyphs.star : ""
        var fields = [Table.Field(name + star, style: theme.style(entry.path == nil ? .dim : .text))]
        if width >= 74 { fields.append(Table.Field(entry.hook?.description ?? missing)) }
        if width >= 92 { fields.append(Table.Field(PrintableText.printable(entry.architecture))) }
        let l0 = entry.metrics["l0"].map { Figures.activation(Float($0)) } ?? entry.k.map { "k=\($0)" }
        fields += [
            Table.Field(l0 ?? missing), metric("explained_variance", Figures.share),
            metric("ce_recovered", Figures.share), metric("dead_fraction") { Figures.percent($0) + "%" },
            metric("i_cdf", Figures.fine),
        ]
        if width >= 60 { fields.append(Table.Field(Figures.shortCount(entry.dSAE))) }
        return Table.Row(fields, isMarked: checkpoints.marks.contains(entry.name))
    }

    // MARK: Plot

    private func drawFrontier(into frame: inout Frame) {
        let plot = CheckpointPlot(checkpoints.entries ?? [], selected: checkpoints.selected?.name, theme: theme)
        let inside = PaneBox(title: plot.title, isFocused: false).draw(into: &frame, in: layout.frontier, theme: theme)
        if checkpoints.entries != nil { plot.draw(into: &frame, in: inside) }
    }

    // MARK: Details

    private func drawDetails(into frame: inout Frame) {
        let isFocused = hasFocus(.details)
        let rect = layout.details
        let document = CheckpointDocument(state, width: rect.interior.width)
        let name = checkpoints.selected.map { PrintableText.printable($0.name) } ?? "Details"
        let below = document.lines.count - checkpoints.detailScroll - rect.interior.height
        let note =
            checkpoints.detailScroll > 0 || below > 0
            ? "\(min(document.lines.count, checkpoints.detailScroll + rect.interior.height))/\(document.lines.count)"
            : ""
        let title = TextLayout.truncateStart(name, to: max(8, rect.width - 14), ellipsis: theme.glyphs.ellipsis)
        let inside = PaneBox(title: title, note: note, isFocused: isFocused).draw(into: &frame, in: rect, theme: theme)
        for (row, line) in document.lines.dropFirst(checkpoints.detailScroll).prefix(inside.height).enumerated() {
            line.draw(into: &frame, in: inside.row(row))
        }
        if isFocused { frame.cursor = inside.origin }
    }

    private func drawDensities(into frame: inout Frame) {
        let inside = PaneBox(title: "Densities", note: "neurons", isFocused: false).draw(
            into: &frame, in: layout.densities, theme: theme)
        guard let entry = checkpoints.selected, let distribution = checkpoints.densities[entry.name] else {
            let words = checkpoints.selected?.neurons == 0 ? "The catalog has no neurons of this SAE." : ""
            return frame.putParagraphs([words], in: inside, style: theme.style(.dim))
        }
        let words = distribution.silent > 0 ? "\(Figures.count(distribution.silent)) never fired" : "all fired"
        HistogramPane.draw(
            distribution.counts.map(Double.init), from: "1e\(DensityDistribution.lowestPower)", to: "1", words: words,
            into: &frame, in: inside, theme: theme)
    }

    // MARK: Comparison

    private func drawMatches(into frame: inout Frame) {
        guard let comparison = checkpoints.comparison else { return }
        let isFocused = hasFocus(.matches)
        // Names of one family differ at their ends.
        let room = max(8, (layout.matches.width - 27) / 2)
        let shown = [comparison.first, comparison.second].map {
            TextLayout.truncateStart(PrintableText.printable($0), to: room, ellipsis: theme.glyphs.ellipsis)
        }.joined(separator: " → ")
        let inside = PaneBox(
            title: shown, note: "\(Figures.count(comparison.matches.count)) neurons", isFocused: isFocused
        ).draw(into: &frame, in: layout.matches, theme: theme)
        Table([
            .number("A", width: 6, priority: 3), .number("cos", width: 4, priority: 4),
            Table.Column("", .fixed(1, priority: 3)), .number("B", width: 6, priority: 3),
            .text("label of A", minimum: 8, priority: 2), .text("label of B", minimum: 8, priority: 1),
        ]).draw(
            into: &frame, in: inside, count: comparison.matches.count, cursor: checkpoints.matchCursor, theme: theme,
            isFocused: isFocused
        ) { index in
            let match = comparison.matches[index]
            func label(_ sae: String, _ index: Int) -> String {
                state.labels[NeuronKey(sae: sae, index: index)]?.text.map { PrintableText.printable($0) }
                    ?? theme.glyphs.missing
            }
            return Table.Row([
                Table.Field("\(match.first)"), Table.Field(Figures.share(Double(match.cosine))),
                Table.Field(match.isMutual ? "=" : ""), Table.Field("\(match.second)"),
                Table.Field(label(comparison.first, match.first)),
                Table.Field(label(comparison.second, match.second), style: theme.style(.dim)),
            ])
        }
    }

    private func drawCosines(into frame: inout Frame) {
        guard let comparison = checkpoints.comparison else { return }
        let inside = PaneBox(
            title: layout.densities.width < 30 ? "Cosines" : "Cosines of the matches", isFocused: false
        ).draw(
            into: &frame, in: layout.densities, theme: theme)
        var bins = [Double](repeating: 0, count: 20)
        for match in comparison.matches { bins[min(19, max(0, Int(match.cosine * 20)))] += 1 }
        let mutual = comparison.matches.count(where: \.isMutual)
        let share = Double(mutual) / Double(max(1, comparison.matches.count))
        HistogramPane.draw(
            bins, from: "0", to: "1", words: "\(Figures.percent(share))% mutual (=)", into: &frame, in: inside,
            theme: theme)
    }
}

/// Upright bars with the ends of their axis and a sentence below.
enum HistogramPane {
    static func draw(
        _ values: [Double], from low: String, to high: String, words: String, into frame: inout Frame, in rect: Rect,
        theme: Theme
    ) {
        var area = rect.inset(horizontal: 1)
        let sentence = area.height >= 4 ? area.cutBottom(1) : area.cutBottom(0)
        let axis = area.cutBottom(1)
        let dim = theme.style(.dim)
        // Bars are made as wide as the room allows, so that the axis below is theirs.
        let step = max(1, area.width / max(1, values.count))
        let wide = values.flatMap { Array(repeating: $0, count: step) }
        Histogram(wide).draw(into: &frame, in: area, theme: theme, style: theme.style(.accent))
        let end = min(area.width, wide.count)
        frame.put(low, at: axis.origin, style: dim, clip: axis)
        frame.put(
            high, at: Position(x: axis.x + max(0, end - DisplayWidth.of(high)), y: axis.y), style: dim, clip: axis)
        if !sentence.isEmpty { frame.put(words, at: sentence.origin, style: dim, clip: sentence) }
    }
}
