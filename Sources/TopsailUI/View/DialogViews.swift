import TerminalKit
import TopsailCore

/// Draws the editor for an explanation or a note.
enum WritingView {
    private static func box(in size: Size) -> Size {
        Size(width: min(size.width - 4, 84), height: min(size.height - 6, 9))
    }

    /// Where the text is written on a screen.
    static func editor(in size: Size) -> Rect {
        var inside = ScreenAreas(size).body.centered(box(in: size)).interior
        _ = inside.cutBottom(1)
        return inside
    }

    static func draw(_ dialog: WritingDialog, of state: ExplorerState, into frame: inout Frame, in area: Rect) {
        let name = state.fullName(of: dialog.key)
        let title = dialog.subject == .explanation ? "Your explanation of \(name)" : "Note on \(name)"
        var inside = Modal.draw(into: &frame, in: area, size: box(in: state.size), title: title, theme: state.theme)
        let words = inside.cutBottom(1)
        let undo = state.keyName(of: .undo)
        frame.put(
            dialog.suggestion.isEmpty
                ? "an empty text takes it away; \(undo) undoes" : "Tab takes over what stands there; \(undo) undoes",
            at: words.origin, style: state.theme.style(.dim), clip: words)
        let empty = dialog.subject == .explanation ? "When does it fire?" : "What did you notice?"
        let placeholder = dialog.suggestion.isEmpty ? empty : PrintableText.printable(dialog.suggestion)
        dialog.editor.draw(
            into: &frame, in: editor(in: state.size), theme: state.theme, placeholder: placeholder)
    }
}

/// Draws the choice of format and file.
enum ExportView {
    private static func box(in size: Size) -> Size { Size(width: min(size.width - 4, 72), height: 11) }
    private static let labelWidth = 8

    private static func inside(in size: Size) -> Rect {
        ScreenAreas(size).body.centered(box(in: size)).interior.inset(horizontal: 1)
    }

    /// A line on a screen, right of its label.
    private static func line(_ row: Int, in size: Size) -> Rect {
        var line = inside(in: size).row(row)
        _ = line.cutLeft(labelWidth)
        return line
    }

    /// Where the path is typed on a screen.
    static func path(in size: Size) -> Rect { line(3, in: size) }

    private typealias FormatPlace = (format: ExportRequest.Format, text: String, rect: Rect)

    /// The formats with their places on a screen.
    private static func formatPlaces(of dialog: ExportDialog, in size: Size, glyphs: GlyphSet) -> [FormatPlace] {
        var line = line(1, in: size)
        return ExportRequest.Format.allCases.map { format in
            let text = "\(format == dialog.format ? glyphs.on : glyphs.off) \(format.rawValue)  "
            return (format, text, line.cutLeft(DisplayWidth.of(text)))
        }
    }

    /// The format at a place on a screen.
    static func format(
        of dialog: ExportDialog, at position: Position, in size: Size, glyphs: GlyphSet
    )
        -> ExportRequest.Format?
    {
        formatPlaces(of: dialog, in: size, glyphs: glyphs).first { $0.rect.contains(position) }?.format
    }

    static func draw(_ dialog: ExportDialog, of state: ExplorerState, into frame: inout Frame, in area: Rect) {
        let theme = state.theme
        let title = "Export \(Figures.count(dialog.count)) neurons"
        let inside = Modal.draw(
            into: &frame, in: area, size: box(in: state.size), title: title, theme: theme
        ).inset(horizontal: 1)
        func label(_ row: Int, _ label: String, _ field: ExportDialog.Field) {
            let style = theme.style(dialog.field == field ? .accent : .dim)
            frame.put(label, at: inside.row(row).origin, style: style, clip: inside)
        }
        label(1, "format", .format)
        for (format, text, rect) in formatPlaces(of: dialog, in: state.size, glyphs: theme.glyphs) {
            let isChosen = format == dialog.format
            let style = theme.style(isChosen && dialog.field == .format ? .accent : isChosen ? .text : .dim)
            if isChosen, dialog.field == .format { frame.cursor = rect.origin }
            frame.put(text, at: rect.origin, style: style, clip: rect)
        }
        label(3, "file", .path)
        dialog.path.draw(into: &frame, in: path(in: state.size), theme: theme, isFocused: dialog.field == .path)
        var shell = Rect(x: inside.x, y: inside.y + 5, width: inside.width, height: inside.height - 5)
        frame.put("shell", at: shell.cutLeft(labelWidth).origin, style: theme.style(.dim), clip: inside)
        let command = PrintableText.printable(dialog.request.command(name: state.fullName))
        var rows = TextLayout.wrap(command, width: max(1, shell.width))
        if rows.count > shell.height {
            rows = Array(rows.prefix(shell.height))
            rows[shell.height - 1] = TextLayout.truncate(
                rows[shell.height - 1] + theme.glyphs.ellipsis, to: shell.width, ellipsis: theme.glyphs.ellipsis)
        }
        for (row, text) in rows.enumerated() {
            frame.put(text, at: shell.row(row).origin, style: theme.style(.dim), clip: shell)
        }
    }
}

/// Draws the session's messages.
enum MessagesView {
    static func draw(_ messages: [String], scroll: Int, into frame: inout Frame, in area: Rect, theme: Theme) {
        let inside = Modal.draw(
            into: &frame, in: area, size: Size(width: min(100, area.width - 4), height: area.height - 2),
            title: "Messages",
            theme: theme, note: "\(messages.count)")
        let rows = messages.dropLast(min(scroll, messages.count))
            .flatMap { TextLayout.wrap(PrintableText.printable($0), width: max(1, inside.width)) }
            .suffix(inside.height)
        for (row, text) in rows.enumerated() {
            frame.put(text, at: inside.row(row).origin, style: theme.style(.text), clip: inside)
        }
        if messages.isEmpty { frame.putParagraphs(["Nothing was said yet."], in: inside, style: theme.style(.dim)) }
    }
}
