/// A colour as a terminal knows it.
public enum TerminalColor: Sendable, Hashable {
    /// The terminal's own foreground or background.
    case `default`
    /// An entry of the xterm-256 palette; the first sixteen follow the user's colour scheme.
    case indexed(UInt8)
    /// Exact red, green and blue.
    case rgb(red: UInt8, green: UInt8, blue: UInt8)

    public static func rgb(_ color: RGB) -> TerminalColor {
        .rgb(red: color.red, green: color.green, blue: color.blue)
    }

    /// The colour's components; `nil` for `default`, which only the terminal knows.
    public var components: RGB? {
        switch self {
        case .default: nil
        case .indexed(let index): XtermPalette.color(index)
        case .rgb(let red, let green, let blue): RGB(red: red, green: green, blue: blue)
        }
    }

    /// The nearest colour that a terminal of the given depth can show.
    public func reduced(to depth: ColorDepth) -> TerminalColor {
        guard self != .default else { return .default }
        switch depth {
        case .mono: return .default
        case .sixteen:
            if case .indexed(let index) = self, index < 16 { return self }
            return .indexed(XtermPalette.nearest(to: components!, in: 0..<16))
        case .indexed256:
            if case .indexed = self { return self }
            // The first sixteen are left out because colour schemes change them.
            return .indexed(XtermPalette.nearest(to: components!, in: 16..<256))
        case .truecolor: return self
        }
    }
}
