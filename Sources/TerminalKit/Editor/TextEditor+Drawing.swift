extension TextEditor {
    /// Draws the part on show.
    ///
    /// - Parameters:
    ///   - rect: Should have the size of `viewport`; where it has not, the text is wrapped for the rectangle.
    ///   - placeholder: Shown dimmed while there is no text.
    ///   - isFocused: Takes the terminal's cursor.
    public func draw(
        into frame: inout Frame, in rect: Rect, theme: Theme, style: Style? = nil, placeholder: String = "",
        isFocused: Bool = true
    ) {
        guard !rect.isEmpty else { return }
        var editor = self
        if editor.viewport != rect.size { editor.viewport = rect.size }
        if isEmpty {
            let shown = TextLayout.truncate(placeholder, to: rect.width, ellipsis: theme.glyphs.ellipsis)
            frame.put(shown, at: rect.origin, style: theme.style(.dim), clip: rect)
        }
        editor.drawRows(into: &frame, in: rect, style: style ?? theme.style(.text))
        if isFocused {
            frame.cursor = editor.cursorPosition(in: rect)
            frame.isCursorVisible = true
        }
    }

    private func drawRows(into frame: inout Frame, in rect: Rect, style: Style) {
        var next: RowID? = top
        for y in rect.minY..<rect.maxY {
            guard let id = next else { return }
            let row = rows(ofLine: id.line)[id.row]
            let text = String(lines[id.line][row]).replacingTabs()
            frame.put(text, at: Position(x: rect.x - leftColumn, y: y), style: style, clip: rect)
            next = rowID(after: id)
        }
    }

    private func cursorPosition(in rect: Rect) -> Position {
        let target = rowID(of: cursor)
        var y = rect.y
        var id = top
        while id < target, y < rect.maxY - 1, let next = rowID(after: id) {
            id = next
            y += 1
        }
        let row = rows(ofLine: cursor.line)[target.row]
        let column = DisplayWidth.of(String(lines[cursor.line][row.lowerBound..<cursor.column])) - leftColumn
        return Position(x: rect.x + min(max(0, column), rect.width - 1), y: y)
    }
}

extension String {
    /// A tab is one column wide here, and shown.
    fileprivate func replacingTabs() -> String { contains("\t") ? String(map { $0 == "\t" ? "⇥" : $0 }) : self }
}
