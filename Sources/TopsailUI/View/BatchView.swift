import TerminalKit
import TopsailCore

/// Draws what fired on each prompt of a file.
enum BatchView {
    private static func box(in area: Size) -> Size { Size(width: min(area.width - 4, 150), height: area.height - 2) }

    /// Rows of prompts on show.
    static func rows(in size: Size) -> Int { max(1, box(in: ScreenAreas(size).body.size).height - 3) }

    /// The box on a screen, and the rows of prompts.
    static func places(in size: Size) -> (box: Rect, rows: Rect) {
        let body = ScreenAreas(size).body
        let box = body.centered(box(in: body.size))
        var rows = box.interior
        _ = rows.cutTop(1)
        return (box, rows)
    }

    static func draw(_ state: ExplorerState, _ cursor: ListCursor, into frame: inout Frame, in area: Rect) {
        guard let batch = state.live.batch else { return }
        let theme = state.theme
        let size = box(in: area.size)
        let file = TextLayout.truncateStart(
            PrintableText.printable(batch.file), to: max(8, size.width - 50), ellipsis: theme.glyphs.ellipsis)
        let inside = Modal.draw(
            into: &frame, in: area, size: size, title: "Prompts of \(file)", theme: theme, note: note(batch))
        guard !batch.rows.isEmpty else {
            return frame.putParagraphs(["Reading the first prompt."], in: inside, style: theme.style(.dim))
        }
        let isWide = inside.width >= 110
        let names = batch.rows.prefix(200).compactMap { $0.peak.map { state.name(of: $0.key).count } }
        Table([
            .number("", width: String(max(9, batch.total ?? 9)).count),
            .text("prompt", minimum: 12, weight: 3, priority: 3),
            .number("neuron", width: max(6, names.max() ?? 0), priority: 2),
            .text("label", minimum: 8, weight: 2, priority: 1), .number("×q", width: 5, priority: 2),
            Table.Column("category", .fixed(isWide ? 24 : 11, priority: 2)), .number("score", width: 5, priority: 2),
        ]).draw(
            into: &frame, in: inside, count: batch.rows.count, cursor: cursor, theme: theme, isFocused: true
        ) { place in row(batch[place], state) }
    }

    private static func note(_ batch: LiveBatch) -> String {
        let count = Figures.count(batch.rows.count)
        let done = batch.total.map { $0 == batch.rows.count ? count : "\(count) of \(Figures.count($0))" } ?? count
        return "\(done) · \(batch.sort.rawValue)"
    }

    private static func row(_ found: (number: Int, row: LiveBatch.Row)?, _ state: ExplorerState) -> Table.Row {
        guard let found else { return Table.Row([]) }
        let theme = state.theme
        let missing = theme.glyphs.missing
        let row = found.row
        let dim = theme.style(.dim)
        let prompt = row.prompt.printableLine
        if let problem = row.problem {
            return Table.Row([
                Table.Field("\(found.number + 1)", style: dim), Table.Field(prompt), Table.Field(missing),
                Table.Field(PrintableText.printable(problem), style: theme.style(.warning)), Table.Field(missing),
                Table.Field(missing), Table.Field(missing),
            ])
        }
        let label = row.peak.flatMap { state.labels[$0.key]?.text }.map { PrintableText.printable($0) }
        return Table.Row([
            Table.Field("\(found.number + 1)", style: dim), Table.Field(prompt),
            Table.Field(row.peak.map { state.name(of: $0.key) } ?? missing),
            Table.Field(label ?? missing, style: theme.style(label == nil ? .dim : .text)),
            Table.Field(row.peak?.feature.normalised.map { Figures.times(Double($0)) } ?? missing),
            Table.Field(row.category.map { PrintableText.printable($0.label) } ?? missing),
            Table.Field(row.category.map { Figures.share(Double($0.score)) } ?? missing),
        ])
    }
}
