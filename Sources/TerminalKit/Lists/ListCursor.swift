/// Which row of a list is selected, and which is at the top of the view.
public struct ListCursor: Sendable, Hashable {
    public private(set) var selected: Int
    /// The first row on show.
    public private(set) var offset: Int

    public init(selected: Int = 0, offset: Int = 0) {
        self.selected = max(0, selected)
        self.offset = max(0, offset)
    }

    /// Selects a row, held to the list, and scrolls as little as is needed to show it.
    ///
    /// - Parameters:
    ///   - count: Rows of the list.
    ///   - height: Rows on show.
    public mutating func select(_ row: Int, count: Int, height: Int) {
        selected = min(max(0, row), max(0, count - 1))
        reveal(count: count, height: height)
    }

    /// Moves the selection. A step over the edge brings a quarter of the view with it: what comes next is seen before
    /// it is reached, and a key held down rewrites the whole list once in so many steps only.
    public mutating func move(by rows: Int, count: Int, height: Int) {
        let before = offset
        select(selected.addingReportingOverflow(rows).partialValue, count: count, height: height)
        guard offset != before, rows.magnitude < height else { return }
        offset = min(max(0, offset + rows.signum() * (height / 4)), max(0, count - height))
    }

    /// Scrolls without moving the selection further than needed to keep it on show, as the wheel does.
    public mutating func scroll(by rows: Int, count: Int, height: Int) {
        offset = min(max(0, offset + rows), max(0, count - height))
        selected = min(max(selected, offset), max(offset, min(count, offset + max(1, height)) - 1))
    }

    /// Holds both to the list after it or the view changed.
    public mutating func reveal(count: Int, height: Int) {
        let height = max(1, height)
        selected = min(selected, max(0, count - 1))
        offset = max(min(offset, selected), selected - height + 1)
        offset = min(max(0, offset), max(0, count - height))
    }

    /// Acts on the movement keys every list has.
    ///
    /// - Parameter repeats: The count typed before the key, as in `5j`.
    /// - Returns: Whether the key was one of them.
    public mutating func handle(_ chord: KeyChord, count: Int, height: Int, repeats: Int = 1) -> Bool {
        let page = max(1, height - 1)
        let half = max(1, height / 2)
        switch chord {
        case "j", "Down": move(by: repeats, count: count, height: height)
        case "k", "Up": move(by: -repeats, count: count, height: height)
        case "PgDn": move(by: page * repeats, count: count, height: height)
        case "PgUp": move(by: -page * repeats, count: count, height: height)
        case "Ctrl-D": move(by: half * repeats, count: count, height: height)
        case "Ctrl-U": move(by: -half * repeats, count: count, height: height)
        case "g", "Home": select(0, count: count, height: height)
        case "G", "End": select(count - 1, count: count, height: height)
        default: return false
        }
        return true
    }

    /// The rows on show.
    public func visible(count: Int, height: Int) -> Range<Int> {
        let start = min(offset, max(0, count))
        return start..<max(start, min(count, start + max(0, height)))
    }
}
