import TerminalKit
import TopsailCore

/// The tokens of two prompts one above the other: what is the same in both stands in the same column.
struct AlignedStrips {
    /// The held prompt above, the one on show below; as many chips in both, blank where the other has more.
    private(set) var above, below: TokenStrip
    /// Places in both prompts, one for each chip.
    let columns: [Alignment.Column]
    var subject: String
    var scale: String

    init(_ state: ExplorerState, held: HeldPrompt) {
        let live = state.live
        let upper = held.sequence.tokens
        let lower = live.sequence.tokens
        let columns = Alignment.of(upper.map(\.id), lower.map(\.id))
        self.columns = columns
        let levels = LiveStrip.levels(of: [held.sequence, live.sequence], state)
        var (chipsAbove, chipsBelow): ([TokenChip], [TokenChip]) = ([], [])
        for column in columns {
            let texts = [
                column.left.map { LiveStrip.chip(upper[$0].spelling) } ?? "",
                column.right.map { LiveStrip.chip(lower[$0].spelling) } ?? "",
            ]
            let width = texts.map { DisplayWidth.of($0) }.max() ?? 0
            let breaks = column.right.map { lower[$0].text.hasSuffix("\n") } ?? upper[column.left!].text.hasSuffix("\n")
            chipsAbove.append(
                TokenChip(
                    TextLayout.fit(texts[0], to: width), level: column.left.map { levels.values[0][$0] } ?? 0,
                    breaksLine: breaks))
            chipsBelow.append(
                TokenChip(
                    TextLayout.fit(texts[1], to: width), level: column.right.map { levels.values[1][$0] } ?? 0,
                    breaksLine: breaks))
        }
        let selected = live.pane == .prompt ? nil : live.selectedToken
        let place = selected.flatMap { selected in columns.firstIndex { $0.right == selected } }
        above = TokenStrip(chipsAbove, showsBars: state.showsBars)
        below = TokenStrip(chipsBelow, selected: place, showsBars: state.showsBars)
        subject = levels.subject
        scale = levels.highest > 0 ? "0 … \(levels.format(levels.highest))" : ""
    }

    /// Columns at the left for the letters of the prompts.
    static let margin = 2

    func layout(width: Int) -> TokenStrip.Layout { below.layout(width: max(1, width - Self.margin)) }

    /// Rows of the screen that a row of both takes, with the blank line after it.
    func bandHeight(theme: Theme) -> Int { 2 * below.rowHeight(theme: theme) + 1 }

    /// - Returns: Where the selected token begins, when it is on show.
    func draw(into frame: inout Frame, in rect: Rect, theme: Theme, firstRow: Int) -> Position? {
        var area = rect
        let margin = area.cutLeft(Self.margin)
        let layouts = [above.layout(width: area.width), below.layout(width: area.width)]
        let height = below.rowHeight(theme: theme)
        var place: Position?
        for (offset, row) in (firstRow..<max(firstRow, layouts[1].rows.count)).enumerated() {
            let top = offset * bandHeight(theme: theme)
            guard top < area.height else { break }
            for (number, strip) in [above, below].enumerated() {
                let y = top + number * height
                guard y < area.height else { break }
                let line = Rect(x: area.x, y: area.y + y, width: area.width, height: min(height, area.height - y))
                frame.put(
                    number == 0 ? "A" : "B", at: Position(x: margin.x, y: line.y), style: theme.style(.dim),
                    clip: margin)
                let found = strip.draw(into: &frame, in: line, theme: theme, layout: layouts[number], firstRow: row)
                if number == 1, place == nil, let found, found.y == line.y { place = found }
            }
        }
        return place
    }
}

extension String {
    /// Printable text on one line.
    var printableLine: String { PrintableText.printable(self) }
}
