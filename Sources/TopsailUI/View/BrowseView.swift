import TerminalKit
import TopsailCore

/// Draws the first screen.
struct BrowseView {
    let state: ExplorerState
    let layout: BrowseLayout

    init(_ state: ExplorerState) {
        self.state = state
        layout = BrowseLayout(state)
    }

    private var theme: Theme { state.theme }
    private var browse: BrowseState { state.browse }

    private func hasFocus(_ pane: BrowseState.Pane) -> Bool { state.overlay == nil && browse.pane == pane }

    func draw(into frame: inout Frame) {
        if !layout.tree.isEmpty { drawTree(into: &frame) }
        if !layout.table.isEmpty { NeuronTableView(state, layout).draw(into: &frame, isFocused: hasFocus(.table)) }
        if !layout.detail.isEmpty { drawDetail(into: &frame) }
        if !layout.neighbours.isEmpty { drawSide(into: &frame) }
    }

    private func drawTree(into frame: inout Frame) {
        let inside = PaneBox(title: "Categories", isFocused: hasFocus(.tree)).draw(
            into: &frame, in: layout.tree, theme: theme)
        let rows = state.treeRows
        Tree.draw(
            into: &frame, in: inside, count: rows.count, cursor: browse.tree.cursor, theme: theme,
            isFocused: hasFocus(.tree)
        ) { index in
            let row = rows[index]
            let branch: Tree.Branch =
                switch row.isExpanded {
                case true: .expanded
                case false: .collapsed
                case nil: .leaf
                }
            let label = PrintableText.printable(row.label)
            var title = label
            if row.scope == .tagged { title = "\(theme.glyphs.star) \(label)" }
            if case .list = row.scope { title = "\(theme.glyphs.marked) \(label)" }
            if case .category(let slug) = row.scope, state.isShielded(slug) { title += " (hidden)" }
            return Tree.Row(
                title, depth: row.depth, branch: branch, note: Figures.shortCount(row.count),
                style: theme.style(row.count == 0 ? .dim : .text))
        }
    }

    private func drawDetail(into frame: inout Frame) {
        let rect = layout.detail
        let isFocused = hasFocus(.detail)
        guard let detail = browse.detail else {
            let inside = PaneBox(title: "Neuron", isFocused: isFocused).draw(into: &frame, in: rect, theme: theme)
            let words = browse.wantedDetail == nil ? ["Select a neuron to read about it."] : []
            frame.putParagraphs(words, in: inside, style: theme.style(.dim))
            return
        }
        let (width, height) = (rect.interior.width, rect.interior.height)
        let text = RunningText(
            DetailDocument(state, width: width, height: height).lines, top: browse.detailScroll, height: height,
            search: isFocused ? state.search : nil)
        let note = text.note(room: rect.width / 2, theme: theme)
        let inside = PaneBox(title: title(of: detail), note: note, isFocused: isFocused)
            .draw(into: &frame, in: rect, theme: theme)
        text.draw(into: &frame, in: inside, theme: theme)
        // What is on show belongs to another row until the answer for this one is here.
        if detail.key != browse.wantedDetail { frame.restyle(inside) { $0.attributes.insert(.dim) } }
    }

    /// `12480 · auto .82`, or the person's own words as such.
    private func title(of detail: NeuronProfile) -> String {
        var parts = [state.fullName(of: detail.key)]
        if let best = detail.explanations.first {
            parts.append(
                best.person ?? "auto" + (best.correlationScore.map { " " + Figures.share($0) } ?? ""))
        }
        if browse.opened == detail.key { parts.append("opened") }
        return parts.joined(separator: " · ")
    }

    private func drawSide(into frame: inout Frame) {
        let together = browse.detail?.coactive ?? []
        let note = together.isEmpty ? "cosine" : "cosine · together"
        let inside = PaneBox(title: "Nearest", note: note, isFocused: hasFocus(.side))
            .draw(into: &frame, in: layout.neighbours, theme: theme)
        let nearest = browse.detail?.similar.count ?? 0
        let similar = browse.neighbours
        if similar.isEmpty { frame.putParagraphs(["No neighbours are known."], in: inside, style: theme.style(.dim)) }
        let widest = similar.map { state.name(of: $0.key).count }.max() ?? 4
        Table(
            [
                .number("", width: widest), .number("", width: 4), .text("", minimum: 8),
                Table.Column("", .fixed(together.isEmpty ? 0 : 8)),
            ], showsHeader: false
        ).draw(
            into: &frame, in: inside, count: similar.count, cursor: browse.side, theme: theme,
            isFocused: hasFocus(.side)
        ) { index in
            let near = similar[index]
            return Table.Row([
                Table.Field(state.name(of: near.key)), Table.Field(Figures.share(Double(near.cosine))),
                Table.Field(PrintableText.printable(near.label ?? theme.glyphs.missing)),
                Table.Field(index >= nearest ? "together" : "", style: theme.style(.dim)),
            ])
        }
        if !layout.logits.isEmpty { LogitView.draw(browse.detail, into: &frame, in: layout.logits, theme: theme) }
    }
}

/// The pane of logit effects on wide screens: promoted tokens at the left, suppressed ones at the right.
enum LogitView {
    static func draw(_ detail: NeuronProfile?, into frame: inout Frame, in rect: Rect, theme: Theme) {
        let inside = PaneBox(title: "Logit effects", note: "per unit of activation", isFocused: false)
            .draw(into: &frame, in: rect, theme: theme)
        let columns = inside.columns([.flexible(), .flexible()], gap: 2)
        let effects = [detail?.promoted ?? [], detail?.suppressed ?? []]
        let highest = effects.joined().map { abs($0.value) }.max() ?? 0
        for (column, effects) in zip(columns, effects) {
            for (row, effect) in effects.prefix(column.height).enumerated() {
                let line = column.row(row)
                let value = Figures.signed(effect.value)
                Meter(
                    PrintableText.chip(effect.text), level: highest > 0 ? Double(abs(effect.value) / highest) : 0,
                    value: value
                ).draw(into: &frame, in: line, theme: theme, labelWidth: min(14, line.width / 2), valueWidth: 5)
            }
        }
    }
}
