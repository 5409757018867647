import TerminalKit
import TopsailCore

/// The tokens of a context that fit into a few rows, the strongest among them.
package struct ContextWindow {
    package struct Cell: Hashable {
        package var text: String
        package var activation: Float
    }

    package private(set) var rows: [[Cell]] = []

    /// - Parameters:
    ///   - peak: Index of the token that must be on show.
    ///   - columns: Columns of a row.
    package init(_ context: NeuronProfile.Context, around peak: Int, columns: Int, rows rowCount: Int, ellipsis: String)
    {
        let cells = zip(context.tokens, context.activations).map { token, activation in
            // Running text: blanks stay blanks here, only what cannot be seen is made visible.
            let text = PrintableText.printable(token)
            return Cell(text: TextLayout.truncate(text, to: columns, ellipsis: ellipsis), activation: activation)
        }
        guard cells.indices.contains(peak) else { return }
        let widths = cells.map { DisplayWidth.of($0.text) }
        // Two thirds of the room go to what stands before: the reader wants to see what led here.
        var start = peak
        var before = 0
        while start > 0, before + widths[start - 1] <= columns * rowCount * 2 / 3 {
            start -= 1
            before += widths[start]
        }
        var layout = Layout(cells, from: start, columns: columns, rows: rowCount, ellipsis: ellipsis)
        while layout.end <= peak, start < peak {
            start += 1
            layout = Layout(cells, from: start, columns: columns, rows: rowCount, ellipsis: ellipsis)
        }
        // Room that the end of the text leaves over goes to its start.
        while start > 0, layout.end == cells.count {
            let wider = Layout(cells, from: start - 1, columns: columns, rows: rowCount, ellipsis: ellipsis)
            guard wider.end == cells.count else { break }
            start -= 1
            layout = wider
        }
        rows = layout.rows
    }

    /// Tokens from one on in rows, broken between tokens, with an ellipsis at either end where text goes on.
    private struct Layout {
        var rows: [[Cell]] = [[]]
        /// One past the last token that found room.
        var end: Int

        init(_ cells: [Cell], from start: Int, columns: Int, rows rowCount: Int, ellipsis: String) {
            end = start
            var room = columns
            if start > 0 {
                rows[0].append(Cell(text: ellipsis, activation: 0))
                room -= 1
            }
            while end < cells.count {
                var cell = cells[end]
                var width = DisplayWidth.of(cell.text)
                let isLastRow = rows.count == rowCount
                let spare = isLastRow && end + 1 < cells.count ? 1 : 0
                if width + spare > room, !isLastRow {
                    rows.append([])
                    room = columns
                    if cell.text.hasPrefix(" "), width > 1 {
                        cell.text.removeFirst()
                        width -= 1
                    }
                }
                guard width + spare <= room else { break }
                rows[rows.count - 1].append(cell)
                room -= width
                end += 1
            }
            if end < cells.count, room > 0 { rows[rows.count - 1].append(Cell(text: ellipsis, activation: 0)) }
        }
    }
}
