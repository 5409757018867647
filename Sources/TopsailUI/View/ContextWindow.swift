import TerminalKit
import TopsailCore

/// The tokens of a context that fit into a few rows, the strongest among them.
struct ContextWindow {
    struct Cell: Hashable {
        var text: String
        var activation: Float
    }

    private(set) var rows: [[Cell]] = []

    /// - Parameters:
    ///   - peak: Index of the token that must be on show.
    ///   - columns: Columns of a row.
    init(_ context: NeuronProfile.Context, around peak: Int, columns: Int, rows rowCount: Int, ellipsis: String) {
        let cells = zip(context.tokens, context.activations).map { token, activation in
            // Running text: blanks stay blanks here, only what cannot be seen is made visible.
            Cell(text: PrintableText.printable(token), activation: activation)
        }
        guard cells.indices.contains(peak) else { return }
        let widths = cells.map { DisplayWidth.of($0.text) }
        let range = Self.range(widths, peak: peak, room: columns * rowCount - rowCount)
        var shown = Array(cells[range])
        if range.upperBound < cells.count { shown.append(Cell(text: ellipsis, activation: 0)) }
        if range.lowerBound > 0 { shown.insert(Cell(text: ellipsis, activation: 0), at: 0) }
        rows = Self.wrap(shown, columns: columns, rows: rowCount)
    }

    /// The longest stretch around the peak that fits: two thirds of it what leads there.
    private static func range(_ widths: [Int], peak: Int, room: Int) -> Range<Int> {
        var range = peak..<peak + 1
        var used = widths[peak] + 2
        func canTake(_ place: Int) -> Bool { widths.indices.contains(place) && used + widths[place] <= room }
        var before = 0
        while before < room * 2 / 3, canTake(range.lowerBound - 1) {
            before += widths[range.lowerBound - 1]
            used += widths[range.lowerBound - 1]
            range = range.lowerBound - 1..<range.upperBound
        }
        while canTake(range.upperBound) {
            used += widths[range.upperBound]
            range = range.lowerBound..<range.upperBound + 1
        }
        while canTake(range.lowerBound - 1) {
            used += widths[range.lowerBound - 1]
            range = range.lowerBound - 1..<range.upperBound
        }
        return range
    }

    /// Fills rows to their last column; a token may go on in the next row, so that nothing of the window is lost.
    private static func wrap(_ cells: [Cell], columns: Int, rows rowCount: Int) -> [[Cell]] {
        var rows: [[Cell]] = [[]]
        var room = columns
        for cell in cells {
            var rest = cell.text
            while !rest.isEmpty {
                let piece = TextLayout.prefix(rest, columns: room)
                if piece.isEmpty {
                    if rows.count == rowCount { return rows }
                    rows.append([])
                    room = columns
                    continue
                }
                rows[rows.count - 1].append(Cell(text: piece, activation: cell.activation))
                room -= DisplayWidth.of(piece)
                rest.removeFirst(piece.count)
            }
        }
        return rows
    }
}
