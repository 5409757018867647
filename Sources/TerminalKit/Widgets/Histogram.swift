/// Counts as upright bars of eighth-blocks; one row high it is a sparkline.
public struct Histogram: Sendable, Hashable {
    /// Heights of the bars, none negative.
    public var values: [Double]

    public init(_ values: [Double]) { self.values = values }

    /// Draws the bars from the left, one a column. When there are more bars than columns, neighbours are summed.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme, style: Style = .plain) {
        let bars = resampled(to: rect.width)
        guard let highest = bars.max(), highest > 0 else { return }
        for (column, value) in bars.enumerated() {
            let height = value / highest * Double(rect.height)
            for row in 0..<rect.height {
                // What of the bar lies in this cell, from the bottom row up; a bar that is not zero is always seen.
                var level = min(1, max(0, height - Double(row)))
                if row == 0, value > 0 { level = max(level, 0.01) }
                guard level > 0 else { break }
                let place = Position(x: rect.x + column, y: rect.maxY - 1 - row)
                frame.put(theme.glyphs.bar(level), at: place, style: style, clip: rect)
            }
        }
    }

    func resampled(to columns: Int) -> [Double] {
        guard columns > 0, values.count > columns else { return columns > 0 ? values : [] }
        var sums = [Double](repeating: 0, count: columns)
        for (index, value) in values.enumerated() { sums[index * columns / values.count] += value }
        return sums
    }
}
