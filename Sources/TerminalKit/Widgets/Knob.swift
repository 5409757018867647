/// A slider on a scale with a mark at zero: `──◆──┼──────`.
public struct Knob: Sendable, Hashable {
    public var value: Double
    public var range: ClosedRange<Double>

    public init(_ value: Double, in range: ClosedRange<Double>) {
        self.value = value
        self.range = range
    }

    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme, isFocused: Bool) {
        guard !rect.isEmpty else { return }
        let line = String(repeating: theme.glyphs.border.horizontal, count: rect.width)
        frame.put(line, at: rect.origin, style: theme.style(.border), clip: rect)
        if range.contains(0) {
            let zero = Position(x: column(of: 0, in: rect), y: rect.y)
            frame.put(theme.glyphs.isASCII ? "+" : "┼", at: zero, style: theme.style(.border), clip: rect)
        }
        let place = Position(x: column(of: value, in: rect), y: rect.y)
        frame.put(theme.glyphs.knob, at: place, style: theme.style(isFocused ? .accent : .text), clip: rect)
        if isFocused { frame.cursor = place }
    }

    private func column(of value: Double, in rect: Rect) -> Int {
        let span = range.upperBound - range.lowerBound
        let held = min(range.upperBound, max(range.lowerBound, value.isNaN ? 0 : value))
        let share = span > 0 ? (held - range.lowerBound) / span : 0
        return rect.x + Int((share * Double(rect.width - 1)).rounded())
    }
}
