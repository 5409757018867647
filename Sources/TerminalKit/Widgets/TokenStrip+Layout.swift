extension TokenStrip {
    /// A token, or the part of a long one, in a row.
    public struct Piece: Sendable, Hashable {
        /// Index of the token.
        public var chip: Int
        public var text: String
        public var x: Int
        public var width: Int
    }

    /// Where each token goes at a given width.
    public struct Layout: Sendable, Hashable {
        public var rows: [[Piece]]

        /// The row in which a token begins.
        public func row(of chip: Int) -> Int? { rows.firstIndex { $0.contains { $0.chip == chip } } }

        /// The token at a column of a row, for clicks; the nearest one when the row has none there.
        public func chip(row: Int, x: Int) -> Int? {
            guard rows.indices.contains(row) else { return nil }
            return (rows[row].first { x < $0.x + $0.width } ?? rows[row].last)?.chip
        }

        /// The token above or below, nearest to the middle of `chip`; `nil` at the edge.
        public func chip(from chip: Int, rowsDown: Int) -> Int? {
            guard let row = row(of: chip), let piece = rows[row].first(where: { $0.chip == chip }) else { return nil }
            return self.chip(row: row + rowsDown, x: piece.x + piece.width / 2)
        }

        /// The first row to draw so that a token is on show, changing `firstRow` as little as can be, and no row stays empty while
        /// there are tokens above.
        public func scrolled(_ firstRow: Int, toShow chip: Int?, height: Int) -> Int {
            let last = max(0, rows.count - max(1, height))
            guard let chip, let row = row(of: chip) else { return min(max(0, firstRow), last) }
            return min(max(0, max(row - max(1, height) + 1, min(firstRow, row))), last)
        }
    }

    /// Lays the tokens out in rows of at most `width` columns. A token wider than a row is cut into pieces.
    ///
    /// - Complexity: O(text). Keep the result while the tokens stay the same.
    public func layout(width: Int) -> Layout {
        let width = max(1, width)
        var rows: [[Piece]] = [[]]
        var x = 0
        for (index, chip) in chips.enumerated() {
            let total = DisplayWidth.of(chip.text)
            if x > 0, x + total > width {
                rows.append([])
                x = 0
            }
            var rest = chip.text
            repeat {
                var text = total <= width ? rest : TextLayout.prefix(rest, columns: width)
                // One character wider than the row still has to go somewhere; drawing clips it.
                if text.isEmpty, let first = rest.first { text = String(first) }
                rest.removeFirst(text.count)
                let columns = DisplayWidth.of(text)
                rows[rows.count - 1].append(Piece(chip: index, text: text, x: x, width: columns))
                x += columns
                if !rest.isEmpty {
                    rows.append([])
                    x = 0
                }
            } while !rest.isEmpty
            if chip.breaksLine, index + 1 < chips.count {
                rows.append([])
                x = 0
            }
        }
        return Layout(rows: rows)
    }
}

extension TokenStrip {
    /// Draws one row of tokens with the given one in the middle, for a list of contexts; `…` where text goes on.
    ///
    /// - Returns: The columns of the centred token.
    @discardableResult
    public func drawLine(into frame: inout Frame, in rect: Rect, theme: Theme, centering center: Int) -> Range<Int> {
        guard !rect.isEmpty, chips.indices.contains(center) else { return rect.x..<rect.x }
        let widths = chips.map { DisplayWidth.of($0.text) }
        let start = widths[..<center].reduce(0, +)
        let total = widths.reduce(0, +)
        // Two thirds of the row go to what stands before: the reader wants to see what led here.
        let wish = start + widths[center] - max(widths[center], rect.width * 2 / 3)
        let scroll = max(0, min(wish, total - rect.width))
        var x = -scroll
        for (index, chip) in chips.enumerated() {
            defer { x += widths[index] }
            guard x + widths[index] > 0 else { continue }
            guard x < rect.width else { break }
            let piece = Piece(chip: index, text: chip.text, x: x, width: widths[index])
            draw(
                piece, into: &frame, at: Position(x: rect.x + x, y: rect.y), clip: rect, theme: theme,
                hasBars: showsBars || theme.needsBarRow)
        }
        let ellipsis = theme.glyphs.ellipsis
        if scroll > 0 { frame.put(ellipsis, at: rect.origin, style: theme.style(.dim), clip: rect) }
        if total - scroll > rect.width {
            frame.put(ellipsis, at: Position(x: rect.maxX - 1, y: rect.y), style: theme.style(.dim), clip: rect)
        }
        let left = rect.x + max(0, start - scroll)
        return left..<max(left, min(rect.maxX, rect.x + start - scroll + widths[center]))
    }
}
