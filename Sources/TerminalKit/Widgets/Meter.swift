/// One named number with a bar: `harm   ███▏  .31`.
public struct Meter: Sendable, Hashable {
    public var label: String
    /// `0...1`, the share of the bar that is filled.
    public var level: Double
    /// The number as text, set to the right.
    public var value: String

    public init(_ label: String, level: Double, value: String) {
        self.label = label
        self.level = level
        self.value = value
    }

    /// Draws one line. The bar gets what the label and the value leave; with little room the bar goes first, the value
    /// last.
    public func draw(
        into frame: inout Frame, in rect: Rect, theme: Theme, labelWidth: Int, valueWidth: Int, style: Style? = nil
    ) {
        let places = rect.row(0).columns(
            [
                Track(minimum: min(3, labelWidth), maximum: labelWidth, weight: 1_000, priority: 1),
                .flexible(minimum: 4, priority: 0), .fixed(valueWidth, priority: 2),
            ], gap: 1)
        let ellipsis = theme.glyphs.ellipsis
        if !places[0].isEmpty {
            let shown = TextLayout.truncate(label, to: places[0].width, ellipsis: ellipsis)
            frame.put(shown, at: places[0].origin, style: theme.style(.text), clip: rect)
        }
        if !places[1].isEmpty {
            let bar = theme.glyphs.horizontalBar(level, width: places[1].width)
            frame.put(bar, at: places[1].origin, style: style ?? theme.style(.accent), clip: rect)
        }
        if !places[2].isEmpty {
            let shown = TextLayout.fit(value, to: places[2].width, alignment: .trailing, ellipsis: ellipsis)
            frame.put(shown, at: places[2].origin, style: theme.style(.text), clip: rect)
        }
    }
}
