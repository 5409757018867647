/// Soft wrapping and scrolling. Only the rows near the cursor or on show are ever wrapped, and long lines among them once.
extension TextEditor {
    /// A row on screen: the `row`-th piece of a wrapped line.
    struct RowID: Sendable, Hashable, Comparable {
        var line: Int
        var row: Int

        static func < (left: RowID, right: RowID) -> Bool { (left.line, left.row) < (right.line, right.row) }
    }

    /// The last column is kept free, so that the cursor has a place after a full row.
    var wrapWidth: Int { max(1, viewport.width - 1) }

    /// The ranges of columns that the rows of a line show. Together they hold every column once; never empty.
    func rows(ofLine index: Int) -> [Range<Int>] { wraps[index] ?? wrapped(line: index) }

    /// A line longer than this is worth keeping its rows.
    private static let longLine = 2000

    /// Wraps the long lines about the cursor, before they are asked for again and again.
    private mutating func rememberRows() {
        guard !isSingleLine else { return }
        let near = max(0, cursor.line - viewport.height)...min(lines.count - 1, cursor.line + viewport.height)
        for line in near where lines[line].count > Self.longLine && wraps[line] == nil {
            wraps[line] = wrapped(line: line)
        }
    }

    private func wrapped(line index: Int) -> [Range<Int>] {
        let line = lines[index]
        guard !isSingleLine else { return [0..<line.count] }
        var rows: [Range<Int>] = []
        var start = 0
        var breakAfter: Int?
        var used = 0
        var column = 0
        while column < line.count {
            let width = DisplayWidth.of(line[column])
            // Blanks may hang over the edge: a row never begins with the blank it was broken at.
            if used + width > wrapWidth, column > start, line[column] != " " {
                let end = breakAfter ?? column
                rows.append(start..<end)
                start = end
                column = end
                used = 0
                breakAfter = nil
                continue
            }
            used += width
            column += 1
            if line[column - 1] == " " { breakAfter = column }
        }
        rows.append(start..<line.count)
        return rows
    }

    func rowID(of place: Place) -> RowID {
        let rows = rows(ofLine: place.line)
        return RowID(line: place.line, row: rows.firstIndex { place.column < $0.upperBound } ?? rows.count - 1)
    }

    func rowID(before id: RowID) -> RowID? {
        if id.row > 0 { return RowID(line: id.line, row: id.row - 1) }
        return id.line > 0 ? RowID(line: id.line - 1, row: rows(ofLine: id.line - 1).count - 1) : nil
    }

    func rowID(after id: RowID) -> RowID? {
        if id.row + 1 < rows(ofLine: id.line).count { return RowID(line: id.line, row: id.row + 1) }
        return id.line + 1 < lines.count ? RowID(line: id.line + 1, row: 0) : nil
    }

    /// Columns of the screen between the start of the row and a place.
    func screenColumn(of place: Place) -> Int {
        let row = rows(ofLine: place.line)[rowID(of: place).row]
        return min(DisplayWidth.of(String(lines[place.line][row.lowerBound..<place.column])), lastColumn)
    }

    /// The place in a row nearest to a screen column, without spilling into the next row.
    func place(inRow id: RowID, screenColumn: Int) -> Place {
        let rows = rows(ofLine: id.line)
        let row = rows[id.row]
        var column = row.lowerBound
        var used = 0
        while column < row.upperBound {
            used += DisplayWidth.of(lines[id.line][column])
            if used > screenColumn { break }
            column += 1
        }
        let isLast = id.row == rows.count - 1
        return Place(line: id.line, column: isLast ? column : min(column, max(row.lowerBound, row.upperBound - 1)))
    }

    /// Scrolls as little as is needed to have the cursor on show.
    mutating func reveal() {
        if isSingleLine { return revealSideways() }
        rememberRows()
        let target = rowID(of: cursor)
        top.line = min(top.line, lines.count - 1)
        top.row = min(top.row, rows(ofLine: top.line).count - 1)
        if target < top {
            top = target
            return fill()
        }
        // Walking up from the cursor finds the highest row that keeps it on show.
        var highest = target
        for _ in 1..<max(1, viewport.height) where highest > top {
            guard let previous = rowID(before: highest) else { break }
            highest = previous
        }
        top = max(top, highest)
        fill()
    }

    /// Scrolls back where rows would stay empty below the text although there is more above.
    private mutating func fill() {
        guard lines.count - top.line <= viewport.height else { return }
        var lowest = rowID(of: endOfText)
        for _ in 1..<max(1, viewport.height) {
            guard let previous = rowID(before: lowest) else { break }
            lowest = previous
        }
        top = min(top, lowest)
    }

    private mutating func revealSideways() {
        let column = DisplayWidth.of(String(lines[0][..<cursor.column]))
        if column < leftColumn {
            leftColumn = column
        } else if column - leftColumn > lastColumn {
            leftColumn = column - lastColumn
        }
        let total = DisplayWidth.of(String(lines[0]))
        leftColumn = max(0, min(leftColumn, total - lastColumn))
    }

    private var lastColumn: Int { isSingleLine ? max(0, viewport.width - 1) : wrapWidth }
}
