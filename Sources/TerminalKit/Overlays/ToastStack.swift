/// Short messages that come and go. At most three are on show; an error stays until it is dismissed.
public struct ToastStack: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case info, success, warning, error
    }

    public struct Toast: Sendable, Hashable {
        public var text: String
        public var kind: Kind
        /// On the caller's clock, in seconds; `nil` stays.
        public var expires: Double?
    }

    /// Seconds a toast that is no error stays.
    public static let lifetime = 4.0
    public static let limit = 3

    /// Oldest first.
    public private(set) var toasts: [Toast] = []

    public init() {}

    /// - Parameter now: Seconds on any clock that only goes forward, the same in all calls.
    public mutating func add(_ text: String, kind: Kind = .info, now: Double) {
        toasts.append(Toast(text: text, kind: kind, expires: kind == .error ? nil : now + Self.lifetime))
        while toasts.count > Self.limit {
            // Errors are the last to make way.
            toasts.remove(at: toasts.firstIndex { $0.kind != .error } ?? 0)
        }
    }

    /// Takes away what has been there long enough.
    ///
    /// - Returns: Whether anything changed.
    public mutating func expire(now: Double) -> Bool {
        let before = toasts.count
        toasts.removeAll { toast in toast.expires.map { $0 <= now } ?? false }
        return toasts.count != before
    }

    /// Takes the newest error away, else the newest toast.
    ///
    /// - Returns: `false` when there was none, so that Esc can mean something else.
    public mutating func dismiss() -> Bool {
        guard let index = toasts.lastIndex(where: { $0.kind == .error }) ?? toasts.indices.last else { return false }
        toasts.remove(at: index)
        return true
    }

    /// Draws the stack at the bottom right, the newest lowest, over what is there.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        var bottom = rect.maxY
        let width = min(rect.width, 60)
        for toast in toasts.reversed() {
            let lines = TextLayout.wrap(Self.sign(toast.kind) + toast.text, width: width - 2).prefix(4)
            let columns = (lines.map { DisplayWidth.of($0) }.max() ?? 0) + 2
            let top = bottom - lines.count
            guard top >= rect.minY, width > 2 else { return }
            let area = Rect(x: rect.maxX - columns, y: top, width: columns, height: lines.count)
            let style = Self.style(toast.kind, theme)
            frame.fill(area, style: style)
            for (row, line) in lines.enumerated() {
                frame.put(line, at: Position(x: area.x + 1, y: top + row), style: style, clip: area)
            }
            bottom = top
        }
    }

    /// A word rather than a colour tells what went wrong.
    private static func sign(_ kind: Kind) -> String {
        switch kind {
        case .info, .success: ""
        case .warning: "warning: "
        case .error: "error: "
        }
    }

    private static func style(_ kind: Kind, _ theme: Theme) -> Style {
        switch kind {
        case .error: theme.style(.error)
        case .warning: theme.style(.warning).adding(.reverse)
        case .info, .success: Style(attributes: .reverse)
        }
    }
}
