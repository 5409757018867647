/// Activation strength as the background of a token.
///
/// Each ramp is one hue with rising contrast against the page, so it survives colour blindness and grey printing;
/// positive amber is paired with negative blue, never red with green. Zero has no background at all.
public enum HeatRamp {
    public enum Sign: Sendable, Hashable {
        case positive, negative

        public init(of value: some BinaryFloatingPoint) { self = value < 0 ? .negative : .positive }
    }

    /// The style of a token.
    ///
    /// - Parameters:
    ///   - level: Share of the strongest activation on show, `0...1`; held to that, NaN is 0.
    ///   - sign: In 16 colours and mono, negative is underlined, so that the sign does not rest on hue.
    public static func style(
        level: Double, sign: Sign = .positive, depth: ColorDepth, theme: Theme.Name
    ) -> Style {
        guard level > 0 else { return .plain }
        let level = min(1, level)
        let anchors = anchors(sign, theme: theme)
        switch depth {
        case .truecolor:
            let background = interpolated((level * trueColorSteps).rounded() / trueColorSteps, anchors)
            return Style(foreground: .rgb(textColor(on: background)), background: .rgb(background), attributes: [])
        case .indexed256:
            let index = anchors[step(level, of: anchors.count) - 1]
            let text: UInt8 = textColor(on: XtermPalette.color(index)) == .white ? 231 : 16
            return Style(foreground: .indexed(text), background: .indexed(index), attributes: [])
        case .sixteen:
            let weak: Style.Attributes = level < 0.5 ? [.reverse, .dim] : .reverse
            return Style(attributes: sign == .negative ? weak.union(.underline) : weak)
        case .mono:
            let peak: Style.Attributes = level >= 0.95 ? .bold : []
            return Style(attributes: sign == .negative ? peak.union(.underline) : peak)
        }
    }

    /// xterm-256 entries of the ramp's levels, weakest first.
    public static func anchors(_ sign: Sign, theme: Theme.Name) -> [UInt8] {
        switch (theme, sign) {
        case (.light, .positive): [230, 222, 208, 130, 52]
        case (.light, .negative): [195, 117, 32, 25, 17]
        // Text on these keeps 7:1, and the page shows through less.
        case (.highContrast, .positive): [236, 172, 214, 221, 230]
        case (.highContrast, .negative): [236, 37, 75, 117, 159]
        case (_, .positive): [236, 94, 172, 214, 228]
        case (_, .negative): [236, 24, 32, 117, 195]
        }
    }

    /// Black or white, whichever contrasts more; 4.5:1 at least on any colour.
    public static func textColor(on background: RGB) -> RGB {
        background.contrast(with: .black) >= background.contrast(with: .white) ? .black : .white
    }

    /// Finer steps cannot be told apart, and would cost the terminal a colour for every activation.
    private static let trueColorSteps = 60.0

    private static func step(_ level: Double, of count: Int) -> Int {
        min(count, max(1, Int((level * Double(count)).rounded(.up))))
    }

    private static func interpolated(_ level: Double, _ anchors: [UInt8]) -> RGB {
        let place = max(0, level * Double(anchors.count) - 1)
        let lower = min(anchors.count - 1, Int(place))
        let upper = min(anchors.count - 1, lower + 1)
        return XtermPalette.color(anchors[lower]).mixed(
            with: XtermPalette.color(anchors[upper]), fraction: place - Double(lower))
    }
}
