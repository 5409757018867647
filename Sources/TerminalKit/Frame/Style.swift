/// How a cell is drawn.
public struct Style: Sendable, Hashable {
    public var foreground: TerminalColor
    public var background: TerminalColor
    public var attributes: Attributes

    public struct Attributes: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let bold = Attributes(rawValue: 1)
        public static let dim = Attributes(rawValue: 2)
        public static let underline = Attributes(rawValue: 4)
        public static let reverse = Attributes(rawValue: 8)
        public static let italic = Attributes(rawValue: 16)
    }

    public init(
        foreground: TerminalColor = .default, background: TerminalColor = .default, attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    public init(
        foreground: TerminalColor = .default, background: TerminalColor = .default, bold: Bool = false,
        dim: Bool = false, underline: Bool = false, reverse: Bool = false, italic: Bool = false
    ) {
        self.init(foreground: foreground, background: background, attributes: [])
        self.bold = bold
        self.dim = dim
        self.underline = underline
        self.reverse = reverse
        self.italic = italic
    }

    /// The terminal's own colours, no attributes.
    public static let plain = Style(attributes: [])
}

extension Style {
    public var bold: Bool {
        get { self[.bold] }
        set { self[.bold] = newValue }
    }
    public var dim: Bool {
        get { self[.dim] }
        set { self[.dim] = newValue }
    }
    public var underline: Bool {
        get { self[.underline] }
        set { self[.underline] = newValue }
    }
    public var reverse: Bool {
        get { self[.reverse] }
        set { self[.reverse] = newValue }
    }
    public var italic: Bool {
        get { self[.italic] }
        set { self[.italic] = newValue }
    }

    private subscript(attribute: Attributes) -> Bool {
        get { attributes.contains(attribute) }
        set { if newValue { attributes.insert(attribute) } else { attributes.remove(attribute) } }
    }

    /// The same style with more attributes.
    public func adding(_ more: Attributes) -> Style {
        Style(foreground: foreground, background: background, attributes: attributes.union(more))
    }

    /// The same style on another background.
    public func on(_ background: TerminalColor) -> Style {
        Style(foreground: foreground, background: background, attributes: attributes)
    }

    /// This style laid over `base`: colours left at `default` show the base's, attributes of both apply.
    public func over(_ base: Style) -> Style {
        Style(
            foreground: foreground == .default ? base.foreground : foreground,
            background: background == .default ? base.background : background,
            attributes: attributes.union(base.attributes))
    }

    /// What is left of the style at a given colour depth.
    public func reduced(to depth: ColorDepth) -> Style {
        Style(
            foreground: foreground.reduced(to: depth), background: background.reduced(to: depth), attributes: attributes
        )
    }
}
