import TerminalKit
import TopsailCore
import TopsailEngine

/// Draws the two lists of neurons in Live.
struct LiveListView {
    private let state: ExplorerState
    private var theme: Theme { state.theme }
    private var live: LiveState { state.live }

    init(_ state: ExplorerState) { self.state = state }

    func drawAtToken(into frame: inout Frame, in rect: Rect, isFocused: Bool) {
        if live.held != nil {
            return drawChanges(
                live.atRows, live.atCursor, title: "B gains", into: &frame, rect, isFocused)
        }
        let rows = live.atRows
        var title = "At token"
        var note = ""
        if let place = live.selectedToken {
            let token = live.sequence.tokens[place]
            title = "At [\(place)] “\(PrintableText.chip(token.spelling))”"
            note =
                token.isCounted
                ? (token.surprisal.map { "\(Figures.fixed(Double($0), decimals: 1)) nats" } ?? "") : "not counted"
        }
        draw(rows, live.atCursor, title: title, note: note, into: &frame, rect, isFocused, showsToken: false)
    }

    func drawWholePrompt(into frame: inout Frame, in rect: Rect, isFocused: Bool) {
        if live.held != nil {
            return drawChanges(
                live.wholeRows, live.wholeCursor, title: "B loses", into: &frame, rect, isFocused)
        }
        let title = live.sequence.answerTokens.isEmpty ? "Whole prompt, max" : "Prompt and answer, max"
        var note = rect.width >= 44 && !live.sequence.tokens.isEmpty ? "\(live.sequence.peaks.count) neurons" : ""
        if rect.width >= 60, !note.isEmpty { note += " · ×q: of their .999 quantile" }
        draw(
            live.wholeRows, live.wholeCursor, title: title, note: note, into: &frame, rect, isFocused, showsToken: true)
    }

    private func draw(
        _ rows: [LiveRow], _ cursor: ListCursor, title: String, note: String, into frame: inout Frame, _ rect: Rect,
        _ isFocused: Bool, showsToken: Bool
    ) {
        let inside = PaneBox(title: title, note: note, isFocused: isFocused).draw(into: &frame, in: rect, theme: theme)
        if rows.isEmpty {
            let words = live.sequence.tokens.isEmpty ? "" : "No neuron fires on this token."
            frame.putParagraphs([words], in: inside, style: theme.style(.dim))
            return
        }
        let highest = rows.lazy.compactMap { $0.feature.map { Self.strength($0) } }.max() ?? 0
        let nameWidth = rows.prefix(200).map { state.name(of: $0.key).count }.max() ?? 4
        let barWidth = showsToken ? 0 : max(4, min(14, inside.width / 5))
        let tokenWidth = String(max(10, live.sequence.tokens.count) - 1).count + 2
        let showsActivation = inside.width >= 44
        var columns: [Table.Column] = [
            .number("id", width: nameWidth, priority: 3), .text("label", minimum: 6, priority: 2),
        ]
        if showsActivation { columns.append(.number("act", width: 5)) }
        // What the list is sorted by: the activation as a share of the neuron's own 0.999 quantile.
        columns.append(.number("×q", width: 5, priority: 3))
        columns.append(
            showsToken
                ? .number("at", width: tokenWidth, priority: 2) : Table.Column("", .fixed(barWidth, priority: 1)))
        Table(columns, showsHeader: LiveLayout.headerHeight(of: rect) > 0).draw(
            into: &frame, in: inside, count: rows.count, cursor: cursor, theme: theme, isFocused: isFocused
        ) { index in
            row(
                rows[index], highest: highest, barWidth: barWidth, showsActivation: showsActivation,
                showsToken: showsToken)
        }
    }

    /// Neurons whose peak differs between the held prompt A and B.
    private func drawChanges(
        _ rows: [LiveRow], _ cursor: ListCursor, title: String, into frame: inout Frame, _ rect: Rect,
        _ isFocused: Bool
    ) {
        let note = rect.width >= 40 ? "peaks as ×q" : ""
        let inside = PaneBox(title: "\(title) \(rows.count)", note: note, isFocused: isFocused).draw(
            into: &frame, in: rect, theme: theme)
        guard !rows.isEmpty else {
            return frame.putParagraphs(["Nothing."], in: inside, style: theme.style(.dim))
        }
        let nameWidth = rows.prefix(200).map { state.name(of: $0.key).count }.max() ?? 4
        Table(
            [
                .number("id", width: nameWidth, priority: 3), .text("label", minimum: 6, priority: 1),
                .number("A", width: 5, priority: 2), .number("B", width: 5, priority: 2),
            ], showsHeader: LiveLayout.headerHeight(of: rect) > 0
        ).draw(into: &frame, in: inside, count: rows.count, cursor: cursor, theme: theme, isFocused: isFocused) {
            index in
            let row = rows[index]
            let missing = theme.glyphs.missing
            func figure(_ feature: LiveFeature?) -> String {
                feature.map { $0.normalised.map { Figures.times(Double($0)) } ?? Figures.activation($0.activation) }
                    ?? missing
            }
            let label = state.labels[row.key]?.text.map { PrintableText.printable($0) }
            return Table.Row(
                [
                    Table.Field(state.name(of: row.key)),
                    Table.Field(label ?? missing, style: theme.style(label == nil ? .dim : .text)),
                    Table.Field(figure(row.before), style: theme.style(.dim)), Table.Field(figure(row.feature)),
                ], isMarked: row.isPinned)
        }
    }

    /// What bars are drawn by: normalised where it is known, so that neurons compare.
    private static func strength(_ feature: LiveFeature) -> Double { Double(feature.normalised ?? 0) }

    private func row(
        _ row: LiveRow, highest: Double, barWidth: Int, showsActivation: Bool, showsToken: Bool
    ) -> Table.Row {
        let missing = theme.glyphs.missing
        let label = state.labels[row.key]?.text.map { PrintableText.printable($0) }
        var fields = [
            Table.Field(state.name(of: row.key)),
            Table.Field(label ?? missing, style: theme.style(label == nil ? .dim : .text)),
        ]
        if showsActivation {
            let value = row.feature.map { Figures.activation($0.activation) } ?? missing
            fields.append(Table.Field(value, style: theme.style(.dim)))
        }
        fields.append(Table.Field(row.feature?.normalised.map { Figures.times(Double($0)) } ?? missing))
        if showsToken {
            fields.append(Table.Field(row.token.map { "[\($0)]" } ?? "", style: theme.style(.dim)))
        } else {
            let level = row.feature.map { highest > 0 ? Self.strength($0) / highest : 0 } ?? 0
            fields.append(Table.Field(theme.glyphs.horizontalBar(level, width: barWidth), style: theme.style(.accent)))
        }
        return Table.Row(fields, isMarked: row.isPinned)
    }
}
