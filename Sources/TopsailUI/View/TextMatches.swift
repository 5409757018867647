import TerminalKit
import TopsailCore

/// Where words stand in a text of lines: whole within a line, whatever the case.
struct TextMatches {
    struct Place: Sendable, Hashable {
        var line: Int
        /// Columns from the left edge.
        var columns: Range<Int>
    }

    private(set) var places: [Place] = []

    init(of words: String, in lines: [StyledLine]) {
        let wanted = Array(Self.folded(words))
        guard !wanted.isEmpty else { return }
        for (number, line) in lines.enumerated() {
            let text = line.pieces.map(\.text).joined()
            let characters = Array(Self.folded(text))
            // A letter that has two in the other case would shift all columns after it.
            guard characters.count == text.count, characters.count >= wanted.count else { continue }
            var start = 0
            while start + wanted.count <= characters.count {
                guard characters[start..<start + wanted.count].elementsEqual(wanted) else {
                    start += 1
                    continue
                }
                let before = text.prefix(start), found = text.dropFirst(start).prefix(wanted.count)
                let x = DisplayWidth.of(String(before))
                places.append(Place(line: number, columns: x..<x + DisplayWidth.of(String(found))))
                start += wanted.count
            }
        }
    }

    /// Spaces that are drawn as dots match spaces that were typed.
    private static func folded(_ text: String) -> String { text.lowercased().replacing("·", with: " ") }

    /// Underlines the matches on show; the current one stands out from the others.
    ///
    /// - Parameters:
    ///   - top: The first line on show.
    func mark(current: Int, top: Int, in rect: Rect, _ frame: inout Frame, theme: Theme) {
        for (number, place) in places.enumerated() where (top..<top + rect.height).contains(place.line) {
            let cells = Rect(
                x: rect.x + place.columns.lowerBound, y: rect.y + place.line - top, width: place.columns.count,
                height: 1
            ).intersection(rect)
            frame.restyle(cells) { style in
                if number == current { style = theme.style(.selection) }
                style.attributes.formUnion([.underline, .bold])
            }
        }
    }

    /// `/words 2 of 7`, for a pane's border.
    func note(for search: TextSearch, room: Int, theme: Theme) -> String? {
        guard !search.words.isEmpty else { return nil }
        let count = places.isEmpty ? "0" : "\(min(search.current, places.count - 1) + 1) of \(places.count)"
        let words = TextLayout.truncate(
            PrintableText.printable(search.words), to: max(3, room - count.count - 2), ellipsis: theme.glyphs.ellipsis)
        return search.line == nil ? "/\(words) \(count)" : count
    }
}

extension TextSearch {
    /// Draws the line being typed over the last row of the pane.
    func drawLine(into frame: inout Frame, in rect: Rect, theme: Theme) {
        guard let line, rect.height > 0 else { return }
        let row = rect.row(rect.height - 1)
        frame.fill(row, style: theme.style(.text))
        frame.put("/", at: row.origin, style: theme.style(.accent), clip: rect)
        line.draw(into: &frame, in: Self.lineArea(in: rect), theme: theme, placeholder: "words in this text")
    }

    /// Where words are typed in a pane, right of the sign.
    static func lineArea(in rect: Rect) -> Rect {
        var row = rect.row(rect.height - 1)
        _ = row.cutLeft(1)
        return row
    }
}
