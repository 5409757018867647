/// A table of rows that are asked for only when they are on show.
public struct Table: Sendable, Hashable {
    public struct Column: Sendable, Hashable {
        public var title: String
        public var track: Track
        public var alignment: TextLayout.Alignment

        public init(_ title: String, _ track: Track, alignment: TextLayout.Alignment = .leading) {
            self.title = title
            self.track = track
            self.alignment = alignment
        }

        /// A column of numbers: right-aligned, of fixed width, and the last to be left out.
        public static func number(_ title: String, width: Int, priority: Int = 1) -> Column {
            Column(title, .fixed(width, priority: priority), alignment: .trailing)
        }

        /// A column of text, which shortens before numbers vanish.
        public static func text(_ title: String, minimum: Int = 4, weight: Int = 1, priority: Int = 1) -> Column {
            Column(title, .flexible(minimum: minimum, weight: weight, priority: priority))
        }
    }

    /// The content of one place in a row.
    public struct Field: Sendable, Hashable, ExpressibleByStringInterpolation {
        public var text: String
        /// Laid over the row's style.
        public var style: Style
        /// Characters to underline, such as the matches of a filter; offsets into `text`.
        public var matches: [Int]

        public init(_ text: String, style: Style = .plain, matches: [Int] = []) {
            self.text = text
            self.style = style
            self.matches = matches
        }

        public init(stringLiteral text: String) { self.init(text) }
    }

    public struct Row: Sendable, Hashable {
        public var fields: [Field]
        public var isMarked: Bool

        public init(_ fields: [Field], isMarked: Bool = false) {
            self.fields = fields
            self.isMarked = isMarked
        }
    }

    public var columns: [Column]
    public var gap: Int
    public var showsHeader: Bool

    public init(_ columns: [Column], gap: Int = 1, showsHeader: Bool = true) {
        self.columns = columns
        self.gap = gap
        self.showsHeader = showsHeader
    }

    /// The columns' places in a rectangle of this width, its first column being for the signs of selection and marks; a column
    /// that there is no room for is empty.
    public func widths(in width: Int) -> [Int] { places(x: 0, width: width).map(\.width) }

    /// The column at a place of a table that is drawn from `origin` on in this width; `nil` between columns.
    public func column(at x: Int, from origin: Int, width: Int) -> Int? {
        places(x: origin, width: width).firstIndex { x >= $0.minX && x < $0.maxX }
    }

    private func places(x: Int, width: Int) -> [Rect] {
        Rect(x: x + 1, y: 0, width: width - 1, height: 1).columns(columns.map(\.track), gap: gap)
    }

    /// Rows on show in a rectangle of this height.
    public func visibleRows(height: Int) -> Int { max(0, height - (showsHeader ? 1 : 0)) }
}

extension Table {
    /// Draws the header and the rows on show; the first column of the rectangle is for the selection and mark signs.
    ///
    /// - Parameters:
    ///   - isFocused: Selection is drawn fainter in a pane without the focus; with it, the terminal's cursor goes
    ///     there.
    ///   - row: Asked once for each row on show.
    public func draw(
        into frame: inout Frame, in rect: Rect, count: Int, cursor: ListCursor, theme: Theme, isFocused: Bool,
        row: (Int) -> Row
    ) {
        var area = rect
        let places = places(x: rect.x, width: rect.width)
        if showsHeader {
            let line = area.cutTop(1)
            for (column, place) in zip(columns, places) where !place.isEmpty {
                put(
                    column.title, in: column, at: place, y: line.y, style: theme.style(.heading), theme: theme, &frame,
                    line)
            }
        }
        for index in cursor.visible(count: count, height: area.height) {
            let line = area.row(index - cursor.offset)
            let isSelected = index == cursor.selected
            draw(
                row(index), into: &frame, line: line, places: places, isSelected: isSelected, isFocused: isFocused,
                theme)
        }
    }

    private func draw(
        _ row: Row, into frame: inout Frame, line: Rect, places: [Rect], isSelected: Bool, isFocused: Bool,
        _ theme: Theme
    ) {
        let base = isSelected ? theme.style(isFocused ? .selection : .inactiveSelection) : theme.style(.text)
        if isSelected { frame.fill(line, style: base) }
        // On a marked row the selection is still told by the style of the whole row.
        let sign = row.isMarked ? theme.glyphs.marked : isSelected ? theme.glyphs.selectionMark : " "
        frame.put(sign, at: line.origin, style: row.isMarked ? theme.style(.marked).over(base) : base, clip: line)
        for ((column, place), field) in zip(zip(columns, places), row.fields) where !place.isEmpty {
            let style = isSelected ? field.style.onSelection(base) : field.style.over(base)
            let start = put(field.text, in: column, at: place, y: line.y, style: style, theme: theme, &frame, line)
            underline(field, from: start, in: place, y: line.y, &frame)
        }
        if isSelected && isFocused { frame.cursor = line.origin }
    }

    /// - Returns: The column in which the text begins.
    @discardableResult
    private func put(
        _ text: String, in column: Column, at place: Rect, y: Int, style: Style, theme: Theme, _ frame: inout Frame,
        _ clip: Rect
    ) -> Int {
        let shown = TextLayout.truncate(text, to: place.width, ellipsis: theme.glyphs.ellipsis)
        let blanks = place.width - DisplayWidth.of(shown)
        let indent =
            switch column.alignment {
            case .leading: 0
            case .trailing: blanks
            case .center: blanks / 2
            }
        frame.put(shown, at: Position(x: place.x + indent, y: y), style: style, clip: clip)
        return place.x + indent
    }

    private func underline(_ field: Field, from start: Int, in place: Rect, y: Int, _ frame: inout Frame) {
        guard !field.matches.isEmpty else { return }
        let wanted = Set(field.matches)
        var x = start
        for (offset, character) in field.text.enumerated() {
            let width = DisplayWidth.of(character)
            guard x + width <= place.maxX else { return }
            if wanted.contains(offset) {
                frame.restyle(Rect(x: x, y: y, width: width, height: 1)) {
                    $0.attributes.formUnion([.underline, .bold])
                }
            }
            x += width
        }
    }
}

extension Style {
    /// On a selected row the row's colours win, because a field's own foreground may not be readable on them.
    func onSelection(_ base: Style) -> Style {
        Style(
            foreground: base.foreground, background: base.background,
            attributes: base.attributes.union(attributes.subtracting([.dim, .reverse])))
    }
}
