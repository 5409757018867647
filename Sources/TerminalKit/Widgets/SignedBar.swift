/// A bar to the left or right of a line in the middle, for effects that have a direction.
public struct SignedBar: Sendable, Hashable {
    /// `-1...1`.
    public var level: Double

    public init(_ level: Double) { self.level = level }

    /// Draws one line. Bars to the left are in whole cells: blocks that fill a cell from its right side are not common.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme, style: Style = .plain) {
        guard !rect.isEmpty else { return }
        let middle = rect.x + rect.width / 2
        let left = middle - rect.x
        let right = rect.maxX - 1 - middle
        if level > 0 {
            let bar = theme.glyphs.horizontalBar(level, width: right)
            frame.put(bar, at: Position(x: middle + 1, y: rect.y), style: style, clip: rect)
        } else if level < 0 {
            let cells = max(1, Int((min(1, -level) * Double(left)).rounded()))
            let bar = String(repeating: theme.glyphs.rising[theme.glyphs.rising.count - 1], count: cells)
            frame.put(bar, at: Position(x: middle - cells, y: rect.y), style: style, clip: rect)
        }
        frame.put(
            theme.glyphs.border.vertical, at: Position(x: middle, y: rect.y), style: theme.style(.border), clip: rect)
    }
}
