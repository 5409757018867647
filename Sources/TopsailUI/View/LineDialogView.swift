import TerminalKit
import TopsailCore

/// Draws the dialog of one typed line.
enum LineDialogView {
    private static func box(in size: Size) -> Size { Size(width: min(size.width - 4, 84), height: 5) }

    /// Where the line is typed on a screen.
    static func editor(in size: Size) -> Rect {
        ScreenAreas(size).body.centered(box(in: size)).interior.inset(horizontal: 1).row(0)
    }

    static func draw(_ dialog: LineDialog, of state: ExplorerState, into frame: inout Frame, in area: Rect) {
        let theme = state.theme
        let inside = Modal.draw(into: &frame, in: area, size: box(in: state.size), title: dialog.title, theme: theme)
            .inset(horizontal: 1)
        let words = inside.row(2)
        frame.put(
            TextLayout.truncate(
                dialog.completions ?? dialog.words(undo: state.keyName(of: .undo)), to: words.width,
                ellipsis: theme.glyphs.ellipsis),
            at: words.origin,
            style: theme.style(.dim), clip: words)
        dialog.editor.draw(
            into: &frame, in: editor(in: state.size), theme: theme, placeholder: dialog.placeholder)
    }
}

/// Draws the dialog in which a contrast pair is written.
enum PairDialogView {
    private static let labelWidth = 9

    private static func box(in size: Size) -> Size { Size(width: min(size.width - 4, 96), height: 14) }

    /// Where a field is on a screen, its label left of it.
    private static func place(of field: PairDialog.Field, in size: Size) -> Rect {
        var inside = ScreenAreas(size).body.centered(box(in: size)).interior.inset(horizontal: 1)
        _ = inside.cutBottom(1)
        let (top, height) =
            switch field {
            case .concept: (0, 1)
            case .present: (2, 4)
            case .absent: (7, 4)
            }
        return Rect(
            x: inside.x, y: inside.y + top, width: inside.width, height: min(height, max(0, inside.height - top)))
    }

    /// Where a field is typed on a screen.
    static func editor(of field: PairDialog.Field, in size: Size) -> Rect {
        var place = place(of: field, in: size)
        _ = place.cutLeft(labelWidth)
        return place
    }

    static func draw(_ dialog: PairDialog, of state: ExplorerState, into frame: inout Frame, in area: Rect) {
        let theme = state.theme
        let title = dialog.replaced == nil ? "New contrast pair" : "Contrast pair"
        var inside = Modal.draw(into: &frame, in: area, size: box(in: state.size), title: title, theme: theme)
            .inset(horizontal: 1)
        let words = inside.cutBottom(1)
        let hint =
            dialog.replaced == nil
            ? "they differ in the concept, and in as little else as possible"
            : "two empty prompts take the pair away"
        frame.put(
            TextLayout.truncate(hint, to: words.width, ellipsis: theme.glyphs.ellipsis), at: words.origin,
            style: theme.style(.dim), clip: words)
        let fields: [(PairDialog.Field, String, String)] = [
            (.absent, "without", "the same prompt without it"), (.present, "with", "a prompt in which the concept is"),
            (.concept, "concept", "violence.threat, or a word of your own"),
        ]
        // The one with the focus is drawn last: the terminal's cursor is where typing goes.
        for (field, label, placeholder) in fields.sorted(by: { $1.0 == dialog.field && $0.0 != dialog.field }) {
            let isFocused = field == dialog.field
            frame.put(
                label, at: place(of: field, in: state.size).origin, style: theme.style(isFocused ? .accent : .dim),
                clip: inside)
            dialog[field].draw(
                into: &frame, in: editor(of: field, in: state.size), theme: theme, placeholder: placeholder,
                isFocused: isFocused)
        }
    }
}

/// Draws the list of work under way.
enum JobsView {
    private static func box(in area: Rect) -> Size {
        Size(width: min(84, area.width - 4), height: min(area.height - 2, 12))
    }

    /// The box on a screen, and the rows of jobs.
    static func places(in size: Size) -> (box: Rect, rows: Rect) {
        let body = ScreenAreas(size).body
        let box = body.centered(box(in: body))
        var rows = box.interior
        _ = rows.cutTop(1)
        return (box, rows)
    }

    static func draw(_ state: ExplorerState, _ cursor: ListCursor, into frame: inout Frame, in area: Rect) {
        let theme = state.theme
        let inside = Modal.draw(
            into: &frame, in: area, size: box(in: area), title: "Jobs", theme: theme,
            note: state.jobs.isEmpty ? "" : "x stops one")
        if state.jobs.isEmpty {
            return frame.putParagraphs(
                ["Nothing is under way.", "", "Runs, checks, answers and exports are listed here while they work."],
                in: inside, style: theme.style(.dim))
        }
        Table([.text("job", minimum: 12), .number("done", width: 16), .number("since", width: 9)]).draw(
            into: &frame, in: inside, count: state.jobs.count, cursor: cursor, theme: theme, isFocused: true
        ) { index in
            let job = state.jobs[index]
            let done = job.progress.map { "\(Figures.count($0.done)) of \(Figures.count($0.of))" } ?? ""
            return Table.Row([
                Table.Field(PrintableText.printable(job.title)), Table.Field(done),
                Table.Field(Figures.seconds(state.now - job.since)),
            ])
        }
    }
}

/// Draws the commands that show again what was shown so far.
enum CommandsView {
    private static func box(in area: Rect) -> Size { Size(width: min(110, area.width - 4), height: area.height - 2) }

    /// The box on a screen, and the rows of commands.
    static func places(of state: ExplorerState, _ cursor: ListCursor) -> (box: Rect, rows: Rect) {
        let body = ScreenAreas(state.size).body
        let box = body.centered(box(in: body))
        var rows = box.interior
        let whole = wholeRows(state, cursor, in: rows)
        if !whole.isEmpty { _ = rows.cutBottom(whole.count + 1) }
        return (box, rows)
    }

    /// The selected command in full, where it is cut in the list.
    private static func wholeRows(_ state: ExplorerState, _ cursor: ListCursor, in inside: Rect) -> [String] {
        guard !state.commands.isEmpty else { return [] }
        let selected = PrintableText.printable(state.commands[min(cursor.selected, state.commands.count - 1)])
        guard DisplayWidth.of(selected) >= inside.width else { return [] }
        return Array(TextLayout.wrap(selected, width: max(1, inside.width)).prefix(max(1, inside.height / 2)))
    }

    static func draw(_ state: ExplorerState, _ cursor: ListCursor, into frame: inout Frame, in area: Rect) {
        let theme = state.theme
        let inside = Modal.draw(
            into: &frame, in: area, size: box(in: area), title: "Shown so far, as commands", theme: theme,
            note: "\(state.commands.count)")
        if state.commands.isEmpty {
            return frame.putParagraphs(
                ["Nothing yet: each list, neuron, prompt and run adds the command that does the same in a shell."],
                in: inside, style: theme.style(.dim))
        }
        var cursor = cursor
        var list = inside
        let rows = wholeRows(state, cursor, in: inside)
        if !rows.isEmpty {
            let whole = list.cutBottom(rows.count + 1)
            frame.put(
                String(repeating: theme.glyphs.border.horizontal, count: whole.width), at: whole.origin,
                style: theme.style(.border), clip: whole)
            for (row, text) in rows.enumerated() {
                frame.put(text, at: whole.row(row + 1).origin, style: theme.style(.text), clip: whole)
            }
        }
        cursor.reveal(count: state.commands.count, height: list.height)
        Table([.text("", minimum: 8)], showsHeader: false).draw(
            into: &frame, in: list, count: state.commands.count, cursor: cursor, theme: theme, isFocused: true
        ) { Table.Row([Table.Field(PrintableText.printable(state.commands[$0]))]) }
    }
}
