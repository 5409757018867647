/// The bar of numbered screens, with something like the model's name at its right end.
public struct TabBar: Sendable, Hashable {
    public var titles: [String]
    public var selected: Int
    public var trailing: String
    /// What stands before each title; empty for none.
    public var keys: [String]

    /// - Parameter keys: Numbers from 1 where it is `nil`.
    public init(_ titles: [String], selected: Int, trailing: String = "", keys: [String]? = nil) {
        self.titles = titles
        self.selected = selected
        self.trailing = trailing
        self.keys = keys ?? titles.indices.map { "\($0 + 1)" }
    }

    /// Draws one line. Where not all titles fit, the selected one stays and the others are cut down to their keys.
    ///
    /// - Returns: The columns of each tab, for clicks.
    @discardableResult
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) -> [Range<Int>] {
        let full = titles.indices.map { label($0, isShort: false) }
        let isShort = full.reduce(1) { $0 + DisplayWidth.of($1) + 1 } > rect.width
        var x = rect.x + 1
        let places = titles.indices.map { index in
            let text = isShort && index != selected ? label(index, isShort: true) : full[index]
            let style = theme.style(index == selected ? .title : .dim)
            let end = frame.put(text, at: Position(x: x, y: rect.y), style: style, clip: rect)
            defer { x = end + 1 }
            return x..<end
        }
        let room = rect.maxX - 1 - x - 1
        if !trailing.isEmpty, room > 3 {
            let shown = TextLayout.truncateStart(trailing, to: room, ellipsis: theme.glyphs.ellipsis)
            let start = Position(x: rect.maxX - 1 - DisplayWidth.of(shown), y: rect.y)
            frame.put(shown, at: start, style: theme.style(.dim), clip: rect)
        }
        return places
    }

    private func label(_ index: Int, isShort: Bool) -> String {
        let (key, title) = (keys[index], titles[index])
        if index == selected { return key.isEmpty ? "[\(title)]" : "[\(key)]\(title)" }
        if key.isEmpty { return isShort ? String(title.prefix(1)) : title }
        return isShort ? key : "\(key) \(title)"
    }
}
