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
        let all = checkpoints.entries?.count ?? 0
        let rows = layout.list.interior.height - 1
        let count =
            ListExtent.words(checkpoints.cursor, count: all, height: rows).map { " " + $0 }
            ?? (checkpoints.entries == nil ? "" : " \(all)")
        let order = checkpoints.sort.rawValue + (checkpoints.isReversed ? " reversed" : "")
        let inside = PaneBox(title: "SAEs\(count)", note: order, isFocused: isFocused).draw(
            into: &frame, in: layout.list, theme: theme)
        guard let entries = checkpoints.entries else {
            return frame.putParagraphs(["Reading the list…"], in: inside, style: theme.style(.dim))
        }
        guard !entries.isEmpty else {
            return frame.putParagraphs(
                [
                    "There are no SAEs in this workspace.", "",
                    "\(state.keyName(of: .openFile)) opens a checkpoint file; topsail setup brings one.",
                ],
                in: inside, style: theme.style(.dim))
        }
        let names = SharedAffixes(
            entries.map { PrintableText.printable($0.name) }, ellipsis: theme.glyphs.ellipsis)
        let table = Table(columns.map(\.column))
        let room = table.widths(in: inside.width)[0]
        table.draw(
            into: &frame, in: inside, count: entries.count, cursor: checkpoints.cursor, theme: theme,
            isFocused: isFocused
        ) { row(entries[$0], names, room: room, width: inside.width) }
    }

    private var columns: [(column: Table.Column, sort: CheckpointsState.Sort?)] {
        let width = layout.list.interior.width
        var columns: [(Table.Column, CheckpointsState.Sort?)] = [(.text("name", minimum: 12, priority: 5), .name)]
        if width >= 74 { columns.append((Table.Column("hook", .fixed(11)), nil)) }
        if width >= 92 { columns.append((Table.Column("kind", .fixed(9)), nil)) }
        columns += [
            (.number("L0", width: 5, priority: 4), .l0), (.number("EV", width: 4, priority: 4), .variance),
            (.number("CE rec", width: 6, priority: 2), .recovered), (.number("dead", width: 5, priority: 1), nil),
            (.number("I_CDF", width: 5, priority: 3), .iCDF),
        ]
        if width >= 60 { columns.append((.number("width", width: 6, priority: 0), nil)) }
        return columns
    }

    /// What a click on the list's header sorts by.
    func sort(at position: Position) -> CheckpointsState.Sort? {
        let area = layout.list.interior
        guard position.y == area.y, checkpoints.entries?.isEmpty == false else { return nil }
        let columns = columns
        return Table(columns.map(\.column)).column(at: position.x, from: area.x, width: area.width)
            .flatMap { columns[$0].sort }
    }

    private func row(_ entry: CheckpointEntry, _ names: SharedAffixes, room: Int, width: Int) -> Table.Row {
        let missing = theme.glyphs.missing
        func metric(_ name: String, _ format: (Double) -> String) -> Table.Field {
            Table.Field(entry.metrics[name].map(format) ?? missing)
        }
        let name = names.shorten(PrintableText.printable(entry.name), to: room - 2)
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
        let text = RunningText(
            CheckpointDocument(state, width: rect.interior.width).lines, top: checkpoints.detailScroll,
            height: rect.interior.height, search: isFocused ? state.search : nil)
        let name = checkpoints.selected.map { PrintableText.printable($0.name) } ?? "Details"
        let note = text.note(room: rect.width / 2, theme: theme)
        let title = TextLayout.truncateStart(
            name, to: max(8, rect.width - max(14, note.count + 8)), ellipsis: theme.glyphs.ellipsis)
        let inside = PaneBox(title: title, note: note, isFocused: isFocused).draw(into: &frame, in: rect, theme: theme)
        text.draw(into: &frame, in: inside, theme: theme)
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
            distribution.counts.map(Double.init), from: "1e\(DensityDistribution.lowestPower)", to: "1", words: [words],
            into: &frame, in: inside, theme: theme)
    }

    // MARK: Comparison

    private func drawMatches(into frame: inout Frame) {
        guard let comparison = checkpoints.comparison else { return }
        let isFocused = hasFocus(.matches)
        let room = max(8, (layout.matches.width - 27) / 2)
        let pair = [comparison.first, comparison.second].map { PrintableText.printable($0) }
        let names = SharedAffixes(pair, ellipsis: theme.glyphs.ellipsis)
        let shown = pair.map { names.shorten($0, to: room) }.joined(separator: " → ")
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
        HistogramPane.draw(
            bins, from: "0", to: "1", words: words(on: comparison, isWide: layout.densities.width >= 50), into: &frame,
            in: inside, theme: theme)
    }

    /// Each figure beside what random directions would give.
    private func words(on comparison: CheckpointComparison, isWide: Bool) -> [String] {
        let matches = comparison.matches
        let count = Double(max(1, matches.count))
        let mutual = Double(matches.count(where: \.isMutual)) / count
        let mean = matches.reduce(0) { $0 + Double($1.cosine) } / count
        guard let chance = comparison.chance else { return ["\(Figures.percent(mutual))% mutual (=)"] }
        let above = Double(matches.count { Double($0.cosine) > chance.limit }) / count
        let (cosine, limit) = (Figures.share(chance.cosine), Figures.share(chance.limit))
        if isWide {
            return [
                "mean cosine \(Figures.share(mean)), random directions \(cosine)",
                "\(Figures.percent(above))% exceed \(limit), of random ones 5%",
                "\(Figures.percent(mutual))% mutual (=), random \(Figures.percent(chance.mutualShare))%",
            ]
        }
        func whole(_ share: Double) -> String { "\(Int((share * 100).rounded()))%" }
        return [
            "cos \(Figures.share(mean)), chance \(cosine)", "\(whole(above)) above \(limit) (5%)",
            "= \(whole(mutual)), chance \(whole(chance.mutualShare))",
        ]
    }
}
