import TerminalKit

/// Upright bars with the ends of their axis and sentences below.
enum HistogramPane {
    static func draw(
        _ values: [Double], from low: String, to high: String, words: [String], into frame: inout Frame, in rect: Rect,
        theme: Theme
    ) {
        var area = rect.inset(horizontal: 1)
        let sentences = area.cutBottom(min(words.count, max(0, area.height - 3)))
        let axis = area.cutBottom(1)
        let dim = theme.style(.dim)
        // Bars are made as wide as the room allows, so that the axis below is theirs.
        let step = max(1, area.width / max(1, values.count))
        let wide = values.flatMap { Array(repeating: $0, count: step) }
        Histogram(wide).draw(into: &frame, in: area, theme: theme, style: theme.style(.accent))
        let end = min(area.width, wide.count)
        frame.put(low, at: axis.origin, style: dim, clip: axis)
        frame.put(
            high, at: Position(x: axis.x + max(0, end - DisplayWidth.of(high)), y: axis.y), style: dim, clip: axis)
        for (row, sentence) in words.prefix(sentences.height).enumerated() {
            frame.put(sentence, at: sentences.row(row).origin, style: dim, clip: sentences)
        }
    }
}
