/// Moving the cursor.
extension TextEditor {
    public mutating func moveLeft() { move(to: place(before: cursor)) }
    public mutating func moveRight() { move(to: place(after: cursor)) }
    public mutating func moveWordLeft() { move(to: wordStart(before: cursor)) }
    public mutating func moveWordRight() { move(to: wordEnd(after: cursor)) }
    public mutating func moveToLineStart() { move(to: Place(line: cursor.line, column: 0)) }
    public mutating func moveToLineEnd() { move(to: Place(line: cursor.line, column: lines[cursor.line].count)) }
    public mutating func moveToStart() { move(to: Place(line: 0, column: 0)) }
    public mutating func moveToEnd() { move(to: endOfText) }

    /// Puts the cursor somewhere, held to where there is text.
    public mutating func move(to place: Place) {
        goalColumn = nil
        let line = min(max(0, place.line), lines.count - 1)
        cursor = Place(line: line, column: min(max(0, place.column), lines[line].count))
        reveal()
    }

    /// Puts the cursor where a click fell, or at the end of the text when that is above it.
    ///
    /// - Parameter rect: Where the text is drawn.
    /// - Returns: `false` when the click fell beside it.
    @discardableResult
    public mutating func click(_ position: Position, in rect: Rect) -> Bool {
        guard rect.contains(position) else { return false }
        if viewport != rect.size { viewport = rect.size }
        var row = top
        for _ in rect.y..<position.y {
            guard let next = rowID(after: row) else {
                moveToEnd()
                return true
            }
            row = next
        }
        move(to: place(inRow: row, screenColumn: position.x - rect.x + leftColumn))
        return true
    }

    /// Moves by rows as wrapped on screen, keeping to the column the movement began in.
    ///
    /// - Returns: `false` when the cursor was in the first (last) row already; it has not moved then.
    @discardableResult
    public mutating func moveVertically(by rows: Int) -> Bool {
        let goal = goalColumn ?? screenColumn(of: cursor)
        var target = rowID(of: cursor)
        var moved = false
        for _ in 0..<abs(rows) {
            guard let next = rows < 0 ? rowID(before: target) : rowID(after: target) else { break }
            target = next
            moved = true
        }
        guard moved else { return false }
        move(to: place(inRow: target, screenColumn: goal))
        goalColumn = goal
        return true
    }

    func place(before place: Place) -> Place {
        if place.column > 0 { return Place(line: place.line, column: place.column - 1) }
        return place.line > 0 ? Place(line: place.line - 1, column: lines[place.line - 1].count) : place
    }

    func place(after place: Place) -> Place {
        if place.column < lines[place.line].count { return Place(line: place.line, column: place.column + 1) }
        return place.line + 1 < lines.count ? Place(line: place.line + 1, column: 0) : place
    }

    /// The start of the word before a place, past whatever is between them.
    func wordStart(before place: Place) -> Place {
        guard place.column > 0 else { return self.place(before: place) }
        let line = lines[place.line]
        var column = place.column
        while column > 0, !line[column - 1].isPartOfWord { column -= 1 }
        while column > 0, line[column - 1].isPartOfWord { column -= 1 }
        return Place(line: place.line, column: column)
    }

    /// The end of the word after a place.
    func wordEnd(after place: Place) -> Place {
        let line = lines[place.line]
        guard place.column < line.count else { return self.place(after: place) }
        var column = place.column
        while column < line.count, !line[column].isPartOfWord { column += 1 }
        while column < line.count, line[column].isPartOfWord { column += 1 }
        return Place(line: place.line, column: column)
    }
}

extension Character {
    fileprivate var isPartOfWord: Bool { isLetter || isNumber || self == "_" }
}
