import TerminalKit

/// The border of a pane: focus shows by weight and colour.
struct PaneBox {
    var title: String
    var note = ""
    var isFocused: Bool

    /// - Returns: The rectangle inside.
    @discardableResult
    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) -> Rect {
        frame.box(
            rect, border: isFocused ? theme.glyphs.heavyBorder : theme.glyphs.border,
            style: theme.style(isFocused ? .focusBorder : .border), title: title,
            titleStyle: theme.style(isFocused ? .title : .heading), note: note, noteStyle: theme.style(.dim))
    }
}

extension Frame {
    /// Writes paragraphs, wrapped, from the top of a rectangle: what an empty pane has to say.
    mutating func putParagraphs(_ paragraphs: [String], in rect: Rect, style: Style) {
        let area = rect.inset(horizontal: 1)
        let rows = paragraphs.flatMap { TextLayout.wrap($0, width: min(max(1, area.width), 100)) }
        for (row, text) in rows.prefix(area.height).enumerated() {
            put(text, at: Position(x: area.x, y: area.y + row), style: style, clip: area)
        }
    }
}
