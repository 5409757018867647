import TerminalKit
import TopsailCore
import TopsailEngine

/// Draws the pairs of the selected concept, with the words in which the two prompts differ.
struct PairsView {
    private let state: ExplorerState
    private var theme: Theme { state.theme }

    init(_ state: ExplorerState) { self.state = state }

    func draw(into frame: inout Frame, in rect: Rect, isFocused: Bool) {
        let pairs = state.contrast.shownPairs
        let cursor = state.contrast.pairCursor
        let note = state.contrast.file.map { PrintableText.printable($0) } ?? ""
        let title = pairs.isEmpty ? "Pairs" : "Pair \(cursor.selected + 1) of \(pairs.count)"
        let inside = PaneBox(title: title, note: note, isFocused: isFocused).draw(into: &frame, in: rect, theme: theme)
        guard !pairs.isEmpty else { return }
        let width = max(8, min(inside.width - 4, 100))
        let blocks = pairs.indices.map { lines(of: pairs[$0], width: width) }
        var first = cursor.selected
        // Pairs before the selected one are shown as far as there is room for it whole.
        var used = blocks[cursor.selected].count
        while first > 0, used + blocks[first - 1].count + 1 <= inside.height, cursor.selected - first < 1 {
            first -= 1
            used += blocks[first].count + 1
        }
        if cursor.selected == 0 { first = 0 }
        var y = inside.y
        for index in first..<pairs.count {
            let isSelected = index == cursor.selected
            for line in blocks[index] {
                guard y < inside.maxY else { return }
                let row = Rect(x: inside.x + 2, y: y, width: inside.width - 2, height: 1)
                if isSelected {
                    frame.put(
                        theme.glyphs.selectionMark, at: Position(x: inside.x, y: y),
                        style: theme.style(isFocused ? .accent : .dim), clip: inside)
                    if isFocused, frame.cursor == nil { frame.cursor = Position(x: inside.x, y: y) }
                }
                line.draw(into: &frame, in: row)
                y += 1
            }
            y += 1
        }
    }

    private func lines(of pair: PromptPair, width: Int) -> [StyledLine] {
        let present = pair.present.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let absent = pair.absent.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let columns = Alignment.of(present, absent)
        let same = columns.filter { column in
            guard let left = column.left, let right = column.right else { return false }
            return present[left] == absent[right]
        }
        let left = Set(present.indices).subtracting(same.compactMap(\.left))
        let right = Set(absent.indices).subtracting(same.compactMap(\.right))
        return wrapped(present, differing: left, sign: "+", width: width)
            + wrapped(absent, differing: right, sign: theme.glyphs.minus, width: width)
    }

    private func wrapped(_ words: [String], differing: Set<Int>, sign: String, width: Int) -> [StyledLine] {
        var lines: [StyledLine] = []
        var line = StyledLine(sign + " ", theme.style(.heading))
        for (index, word) in words.enumerated() {
            let shown = TextLayout.truncate(PrintableText.printable(word), to: width, ellipsis: theme.glyphs.ellipsis)
            if line.width > 2, line.width + 1 + DisplayWidth.of(shown) > width + 2 {
                lines.append(line)
                line = StyledLine("  ")
            } else if line.width > 2 {
                line.append(" ")
            }
            line.append(shown, differing.contains(index) ? theme.style(.match).adding([.underline, .bold]) : .plain)
        }
        return lines + [line]
    }
}
