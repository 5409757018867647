/// The bottom line: what is going on, then which keys help.
public struct StatusLine: Sendable, Hashable {
    public struct Hint: Sendable, Hashable {
        public var key: String
        public var text: String

        public init(_ key: String, _ text: String) {
            self.key = key
            self.text = text
        }
    }

    public var state: String
    /// Most important first. The first is the way to all others and is never cut.
    public var hints: [Hint]

    public init(state: String, hints: [Hint]) {
        self.state = state
        self.hints = hints
    }

    /// Draws one line. The state is shortened before the first hint would be; later hints are shown whole or not at
    /// all.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme, stateStyle: Style? = nil) {
        guard !rect.isEmpty else { return }
        let separator = " \(theme.glyphs.separator) "
        let firstWidth = hints.first.map(Self.width) ?? 0
        let room = rect.width - 1 - firstWidth - (firstWidth > 0 ? DisplayWidth.of(separator) : 0)
        let shown = TextLayout.truncate(state, to: max(0, room), ellipsis: theme.glyphs.ellipsis)
        var x = rect.x + 1
        if !shown.isEmpty {
            x = frame.put(shown, at: Position(x: x, y: rect.y), style: stateStyle ?? theme.style(.status), clip: rect)
            if !hints.isEmpty {
                x = frame.put(separator, at: Position(x: x, y: rect.y), style: theme.style(.border), clip: rect)
            }
        }
        for (index, hint) in hints.enumerated() {
            guard index == 0 || x + Self.width(hint) <= rect.maxX else { break }
            x = frame.put(hint.key, at: Position(x: x, y: rect.y), style: theme.style(.hintKey), clip: rect) + 1
            x = frame.put(hint.text, at: Position(x: x, y: rect.y), style: theme.style(.hintText), clip: rect) + 2
        }
    }

    private static func width(_ hint: Hint) -> Int { DisplayWidth.of(hint.key) + 1 + DisplayWidth.of(hint.text) }
}
