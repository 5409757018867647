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
    /// What was just said; while it fits it stands in the place of all hints but the first, and of the state if need be.
    public var message: String?

    public init(state: String, hints: [Hint], message: String? = nil) {
        self.state = state
        self.hints = hints
        self.message = message
    }

    /// Columns that a message has in a line of this width.
    public func messageWidth(in width: Int, theme: Theme) -> Int { messageWidth(in: width, beside: "", theme) }

    private func messageWidth(in width: Int, beside state: String, _ theme: Theme) -> Int {
        let separator = DisplayWidth.of(theme.glyphs.separator) + 2
        let parts = [DisplayWidth.of(state), hints.first.map(Self.width) ?? 0].filter { $0 > 0 }
        return max(0, width - 2 - parts.reduce(0) { $0 + $1 + separator })
    }

    /// Draws one line. The state is shortened before the first hint would be; later hints are shown whole or not at
    /// all.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme, stateStyle: Style? = nil) {
        guard !rect.isEmpty else { return }
        let message = message.flatMap {
            DisplayWidth.of($0) <= messageWidth(in: rect.width, theme: theme) ? $0 : nil
        }
        let hints = message == nil ? hints : Array(hints.prefix(1))
        let isAlone =
            message.map { DisplayWidth.of($0) > messageWidth(in: rect.width, beside: self.state, theme) } ?? false
        let shownState = isAlone ? "" : self.state
        let separator = " \(theme.glyphs.separator) "
        let firstWidth = hints.first.map(Self.width) ?? 0
        let room = rect.width - 1 - firstWidth - (firstWidth > 0 ? DisplayWidth.of(separator) : 0)
        let shown = TextLayout.truncate(shownState, to: max(0, room), ellipsis: theme.glyphs.ellipsis)
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
        guard let message else { return }
        if hints.isEmpty, !shown.isEmpty { x += 2 }
        if !(hints.isEmpty && shown.isEmpty) {
            x = frame.put(
                theme.glyphs.separator + " ", at: Position(x: x - 1, y: rect.y), style: theme.style(.border), clip: rect
            )
        }
        frame.put(message, at: Position(x: x, y: rect.y), style: theme.style(.title), clip: rect)
    }

    private static func width(_ hint: Hint) -> Int { DisplayWidth.of(hint.key) + 1 + DisplayWidth.of(hint.text) }
}
