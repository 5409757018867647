extension Picker {
    /// Draws the query line at the top and the list under it.
    ///
    /// - Parameter prompt: Before the query, such as `:`.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme, prompt: String, placeholder: String = "") {
        var area = rect
        var line = area.cutTop(1)
        let promptArea = line.cutLeft(DisplayWidth.of(prompt) + 1)
        frame.put(prompt, at: promptArea.origin, style: theme.style(.accent), clip: promptArea)
        let count = "\(shown.count) of \(items.count)"
        let countWidth = count.utf8.count
        if line.width > countWidth + 12 {
            let countArea = line.cutRight(countWidth + 1)
            let place = Position(x: countArea.x + 1, y: countArea.y)
            frame.put(count, at: place, style: theme.style(.dim), clip: countArea)
        }
        var cursor = cursor
        cursor.reveal(count: shown.count, height: area.height)
        let noteWidth = items.map { DisplayWidth.of($0.note) }.max() ?? 0
        let table = Table([.text("", minimum: 8), .number("", width: noteWidth, priority: 0)], showsHeader: false)
        table.draw(into: &frame, in: area, count: shown.count, cursor: cursor, theme: theme, isFocused: true) { index in
            let item = items[shown[index].item]
            let style = theme.style(item.disabledReason == nil ? .text : .dim)
            let title = Table.Field(item.title, style: style, matches: shown[index].matches)
            return Table.Row([title, Table.Field(item.note, style: theme.style(.dim))])
        }
        // Last, because the terminal's cursor belongs where typing goes.
        query.draw(into: &frame, in: line, theme: theme, placeholder: placeholder)
    }
}
