extension Picker {
    /// Draws the query line at the top and the list under it.
    ///
    /// - Parameter prompt: Before the query, such as `:`.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme, prompt: String, placeholder: String = "") {
        var area = rect
        let line = area.cutTop(1)
        frame.put(prompt, at: line.origin, style: theme.style(.accent), clip: line)
        let queryArea = queryArea(in: rect, prompt: prompt)
        let rest = Rect(x: queryArea.maxX, y: line.y, width: line.maxX - queryArea.maxX, height: 1)
        frame.put(countWords, at: Position(x: rest.x + 1, y: rest.y), style: theme.style(.dim), clip: rest)
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
        query.draw(into: &frame, in: queryArea, theme: theme, placeholder: placeholder)
    }

    private var countWords: String { "\(shown.count) of \(items.count)" }

    /// Where the query is typed: between the prompt and, where there is room for it, the count.
    public func queryArea(in rect: Rect, prompt: String) -> Rect {
        var line = rect.row(0)
        _ = line.cutLeft(DisplayWidth.of(prompt) + 1)
        let countWidth = countWords.utf8.count
        if line.width > countWidth + 12 { _ = line.cutRight(countWidth + 1) }
        return line
    }
}
