/// Draws the rows of an outline.
public enum Tree {
    public enum Branch: Sendable, Hashable {
        case leaf, expanded, collapsed
    }

    public struct Row: Sendable, Hashable {
        public var title: String
        /// Levels below the root, for indentation.
        public var depth: Int
        public var branch: Branch
        /// At the right edge; kept when the title has to be shortened.
        public var note: String
        public var style: Style

        public init(_ title: String, depth: Int = 0, branch: Branch = .leaf, note: String = "", style: Style = .plain) {
            self.title = title
            self.depth = depth
            self.branch = branch
            self.note = note
            self.style = style
        }
    }

    /// Draws the rows on show; the first column of the rectangle is for the selection sign.
    public static func draw(
        into frame: inout Frame, in rect: Rect, count: Int, cursor: ListCursor, theme: Theme, isFocused: Bool,
        row: (Int) -> Row
    ) {
        for index in cursor.visible(count: count, height: rect.height) {
            let line = rect.row(index - cursor.offset)
            draw(
                row(index), into: &frame, line: line, isSelected: index == cursor.selected, isFocused: isFocused, theme)
        }
    }

    private static func draw(
        _ row: Row, into frame: inout Frame, line: Rect, isSelected: Bool, isFocused: Bool, _ theme: Theme
    ) {
        let glyphs = theme.glyphs
        let base = isSelected ? theme.style(isFocused ? .selection : .inactiveSelection) : theme.style(.text)
        let style = isSelected ? row.style.onSelection(base) : row.style.over(base)
        if isSelected {
            frame.fill(line, style: base)
            frame.put(glyphs.selectionMark, at: line.origin, style: base, clip: line)
            if isFocused { frame.cursor = line.origin }
        }
        let sign =
            switch row.branch {
            case .leaf: " "
            case .expanded: glyphs.expanded
            case .collapsed: glyphs.collapsed
            }
        let noteWidth = DisplayWidth.of(row.note)
        let start = line.x + 1 + 2 * max(0, row.depth)
        let room = line.maxX - start - 2 - (noteWidth > 0 ? noteWidth + 1 : 0)
        let title = TextLayout.truncate(row.title, to: max(0, room), ellipsis: glyphs.ellipsis)
        frame.put(sign + " " + title, at: Position(x: start, y: line.y), style: style, clip: line)
        if noteWidth > 0, noteWidth < line.width {
            let noteStyle = isSelected ? base : theme.style(.dim)
            frame.put(row.note, at: Position(x: line.maxX - noteWidth, y: line.y), style: noteStyle, clip: line)
        }
    }
}
