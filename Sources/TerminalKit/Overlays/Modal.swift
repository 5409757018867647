/// A box on top of everything else.
public enum Modal {
    /// Dims what is below and draws an empty box in the middle of `area`.
    ///
    /// - Returns: The rectangle inside the border.
    @discardableResult
    public static func draw(
        into frame: inout Frame, in area: Rect, size: Size, title: String, theme: Theme, note: String = ""
    ) -> Rect {
        frame.restyle(area) { style in
            style.attributes.remove(.bold)
            style.attributes.insert(.dim)
        }
        let rect = area.centered(size)
        frame.fill(rect, style: theme.style(.text))
        return frame.box(
            rect, border: theme.glyphs.heavyBorder, style: theme.style(.focusBorder), title: title,
            titleStyle: theme.style(.title), note: note, noteStyle: theme.style(.dim))
    }
}
