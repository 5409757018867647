extension Frame {
    /// Draws a border along the edge of a rectangle, with a title in its top line.
    ///
    /// - Parameters:
    ///   - note: A second text at the right end of the top line, such as a count; it gives way before the title does.
    /// - Returns: The rectangle inside the border.
    @discardableResult
    public mutating func box(
        _ rect: Rect, border: BorderGlyphs = .single, style: Style = .plain, title: String = "",
        titleStyle: Style? = nil,
        note: String = "", noteStyle: Style? = nil
    ) -> Rect {
        guard rect.width >= 2, rect.height >= 2 else { return Rect(x: rect.x, y: rect.y, width: 0, height: 0) }
        let clip = rect.intersection(bounds)
        let line = String(repeating: border.horizontal, count: rect.width - 2)
        let bottom = rect.maxY - 1
        put(border.topLeft + line + border.topRight, at: rect.origin, style: style, clip: clip)
        put(border.bottomLeft + line + border.bottomRight, at: Position(x: rect.x, y: bottom), style: style, clip: clip)
        for y in rect.minY + 1..<bottom {
            put(border.vertical, at: Position(x: rect.minX, y: y), style: style, clip: clip)
            put(border.vertical, at: Position(x: rect.maxX - 1, y: y), style: style, clip: clip)
        }
        // A corner and a blank on each side of what is written into the line.
        let room = rect.width - 4
        guard room > 0 else { return rect.interior }
        var used = 0
        if !title.isEmpty {
            let shown = TextLayout.truncate(title, to: room)
            used =
                put(" \(shown) ", at: Position(x: rect.x + 1, y: rect.y), style: titleStyle ?? style, clip: clip)
                - rect.x - 1
        }
        let noteWidth = DisplayWidth.of(note)
        if !note.isEmpty, used + noteWidth + 2 <= rect.width - 2 {
            put(
                " \(note) ", at: Position(x: rect.maxX - 3 - noteWidth, y: rect.y), style: noteStyle ?? style,
                clip: clip)
        }
        return rect.interior
    }
}
