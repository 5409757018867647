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
        let parts = parts(in: rect, theme)
        var x = rect.x + 1
        if !parts.state.isEmpty {
            let style = stateStyle ?? theme.style(.status)
            x = frame.put(parts.state, at: Position(x: x, y: rect.y), style: style, clip: rect)
            if !parts.hints.isEmpty {
                x = frame.put(separator(theme), at: Position(x: x, y: rect.y), style: theme.style(.border), clip: rect)
            }
        }
        for (hint, place) in parts.hints {
            x = frame.put(hint.key, at: Position(x: place, y: rect.y), style: theme.style(.hintKey), clip: rect) + 1
            x = frame.put(hint.text, at: Position(x: x, y: rect.y), style: theme.style(.hintText), clip: rect) + 2
        }
        guard let message = parts.message else { return }
        if parts.hints.isEmpty, !parts.state.isEmpty { x += 2 }
        if !(parts.hints.isEmpty && parts.state.isEmpty) {
            x = frame.put(
                theme.glyphs.separator + " ", at: Position(x: x - 1, y: rect.y), style: theme.style(.border), clip: rect
            )
        }
        frame.put(message, at: Position(x: x, y: rect.y), style: theme.style(.title), clip: rect)
    }

    /// The hint at a column of the line, as it is drawn in a rectangle.
    public func hint(at x: Int, in rect: Rect, theme: Theme) -> Hint? {
        parts(in: rect, theme).hints.first { x >= $0.x && x < $0.x + Self.width($0.hint) }?.hint
    }

    /// What there is room for, hints with the column they begin in.
    private func parts(
        in rect: Rect, _ theme: Theme
    ) -> (state: String, hints: [(hint: Hint, x: Int)], message: String?) {
        let message = message.flatMap {
            DisplayWidth.of($0) <= messageWidth(in: rect.width, theme: theme) ? $0 : nil
        }
        let isAlone =
            message.map { DisplayWidth.of($0) > messageWidth(in: rect.width, beside: state, theme) } ?? false
        let firstWidth = hints.first.map(Self.width) ?? 0
        let separatorWidth = DisplayWidth.of(separator(theme))
        let room = rect.width - 1 - firstWidth - (firstWidth > 0 ? separatorWidth : 0)
        let shown =
            isAlone ? "" : TextLayout.truncate(state, to: max(0, room), ellipsis: theme.glyphs.ellipsis)
        var x = rect.x + 1
        if !shown.isEmpty { x += DisplayWidth.of(shown) + separatorWidth }
        var places: [(hint: Hint, x: Int)] = []
        for hint in message == nil ? hints : Array(hints.prefix(1)) {
            guard places.isEmpty || x + Self.width(hint) <= rect.maxX else { break }
            places.append((hint, x))
            x += Self.width(hint) + 2
        }
        return (shown, places, message)
    }

    private func separator(_ theme: Theme) -> String { " \(theme.glyphs.separator) " }

    private static func width(_ hint: Hint) -> Int { DisplayWidth.of(hint.key) + 1 + DisplayWidth.of(hint.text) }
}
