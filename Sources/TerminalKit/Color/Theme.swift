/// Styles by meaning. Screens name a role, never a colour.
public struct Theme: Sendable, Hashable {
    public enum Name: String, Sendable, Hashable, CaseIterable {
        case dark, light, mono
        case highContrast = "high-contrast"
    }

    /// What a piece of text is for.
    public enum Role: Sendable, Hashable, CaseIterable {
        case text, dim, accent, title, heading
        case border, focusBorder
        /// The current row of the pane that has the focus, and of one that has not.
        case selection, inactiveSelection
        case marked, match
        case hintKey, hintText, status
        case success, warning, error
        /// Scores that are guesses.
        case heuristic
    }

    public var name: Name
    public var depth: ColorDepth
    public var glyphs: GlyphSet

    /// - Parameter depth: Taken down to mono by the theme `mono`.
    public init(_ name: Name, depth: ColorDepth, glyphs: GlyphSet = .unicode) {
        self.name = name
        self.depth = name == .mono ? .mono : depth
        self.glyphs = glyphs
    }

    /// The style of a role. Text keeps the terminal's own colours; every role differs by more than hue where it
    /// matters.
    public func style(_ role: Role) -> Style {
        var style = Style(attributes: Self.attributes(role, isHighContrast: name == .highContrast))
        guard depth > .mono else { return style }
        style.foreground = foreground(role).map { .indexed($0) } ?? .default
        if depth >= .indexed256, let background = background(role) {
            style.background = .indexed(background)
            style.attributes.remove(.reverse)
        }
        return style
    }

    /// The background of a token for a share `0...1` of the strongest activation on show.
    public func heat(_ level: Double, sign: HeatRamp.Sign = .positive) -> Style {
        HeatRamp.style(level: level, sign: sign, depth: depth, theme: name)
    }

    /// Whether a bar row is needed because backgrounds cannot tell enough levels apart.
    public var needsBarRow: Bool { depth == .mono || glyphs.isASCII }
}

extension Theme {
    private static func attributes(_ role: Role, isHighContrast: Bool) -> Style.Attributes {
        switch role {
        case .text, .border, .status, .success: []
        case .dim, .hintText: isHighContrast ? [] : .dim
        case .accent, .focusBorder, .title, .heading, .hintKey, .marked, .warning: .bold
        case .selection: isHighContrast ? [.reverse, .bold] : .reverse
        case .inactiveSelection: isHighContrast ? [.underline, .bold] : .underline
        case .match: .underline
        case .error: [.bold, .reverse]
        case .heuristic: .italic
        }
    }

    private func foreground(_ role: Role) -> UInt8? {
        let indexed = depth >= .indexed256
        switch (name, role) {
        case (.light, .accent), (.light, .focusBorder), (.light, .hintKey): return indexed ? 25 : 4
        case (.light, .border): return indexed ? 241 : nil
        case (.light, .match), (.light, .warning), (.light, .marked): return indexed ? 130 : 3
        case (.light, .success): return indexed ? 22 : 2
        case (.light, .error): return indexed ? 231 : 1
        case (.light, .selection): return indexed ? 16 : nil
        case (.dark, .accent), (.dark, .focusBorder), (.dark, .hintKey): return indexed ? 117 : 6
        case (.dark, .border): return indexed ? 242 : nil
        case (.dark, .match), (.dark, .warning), (.dark, .marked): return indexed ? 214 : 3
        case (.dark, .success): return indexed ? 114 : 2
        case (.dark, .error): return indexed ? 231 : 1
        case (.dark, .selection): return indexed ? 231 : nil
        case (.highContrast, .accent), (.highContrast, .focusBorder), (.highContrast, .hintKey):
            return indexed ? 226 : 3
        case (.highContrast, .match), (.highContrast, .warning), (.highContrast, .marked): return indexed ? 226 : 3
        default: return nil
        }
    }

    private func background(_ role: Role) -> UInt8? {
        switch (name, role) {
        case (.light, .selection): 153
        case (.light, .error): 124
        case (.dark, .selection): 24
        case (.dark, .error): 124
        default: nil
        }
    }
}
