/// Short messages that come and go. An error stays, in a box of its own, until it is dismissed; of the others the newest is
/// shown where the caller has room for a line, so that nothing lies over what people read.
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
    /// What is said again takes the place of what was said before.
    public mutating func add(_ text: String, kind: Kind = .info, now: Double) {
        toasts.removeAll { $0.text == text && $0.kind == kind }
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

    /// The newest message that is no error, as one line.
    public var line: String? { toasts.last { $0.kind != .error }.map { Self.sign($0.kind) + $0.text } }

    /// Rows of an error at most.
    private static let errorRows = 8

    /// Draws the errors in boxes at the bottom right, the newest lowest, and with them a message that is too long for a line.
    ///
    /// - Parameter lineWidth: Columns that the caller has for `line`.
    public func draw(into frame: inout Frame, in rect: Rect, lineWidth: Int, theme: Theme) {
        var bottom = rect.maxY
        let width = min(rect.width, 64)
        guard width > 4 else { return }
        let last = toasts.last { $0.kind != .error }
        for toast in toasts.reversed() {
            let text = Self.sign(toast.kind) + toast.text
            guard toast.kind == .error || (toast == last && DisplayWidth.of(text) > lineWidth) else { continue }
            let lines = TextLayout.wrap(text, width: width - 4).prefix(Self.errorRows)
            let note = toast.kind == .error ? "Esc closes" : ""
            let columns = max(lines.map { DisplayWidth.of($0) }.max() ?? 0, DisplayWidth.of(note)) + 4
            let top = bottom - lines.count - 2
            guard top >= rect.minY else { return }
            let area = Rect(x: rect.maxX - columns, y: top, width: columns, height: lines.count + 2)
            let style = toast.kind == .error ? theme.style(.error) : theme.style(.text)
            frame.fill(area, style: theme.style(.text))
            let inside = frame.box(
                area, border: theme.glyphs.border, style: style, note: note, noteStyle: theme.style(.dim)
            ).inset(horizontal: 1)
            for (row, line) in lines.enumerated() {
                frame.put(line, at: inside.row(row).origin, style: style, clip: inside)
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
}
