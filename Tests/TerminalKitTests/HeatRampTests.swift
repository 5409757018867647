import TerminalKit
import Testing

@Suite("Heat ramp") struct HeatRampTests {
    static let ramps = Theme.Name.allCases.flatMap { name in
        [HeatRamp.Sign.positive, .negative].map { (name, $0) }
    }

    @Test("zero has no background, at any depth", arguments: ColorDepth.allCases)
    func zero(depth: ColorDepth) {
        for (theme, sign) in Self.ramps {
            #expect(HeatRamp.style(level: 0, sign: sign, depth: depth, theme: theme) == .plain)
            #expect(HeatRamp.style(level: .nan, sign: sign, depth: depth, theme: theme) == .plain)
        }
    }

    @Test("text contrasts with every background by 4.5:1", arguments: [ColorDepth.indexed256, .truecolor])
    func contrast(depth: ColorDepth) throws {
        for (theme, sign) in Self.ramps where theme != .mono {
            for step in 1...200 {
                let style = HeatRamp.style(level: Double(step) / 200, sign: sign, depth: depth, theme: theme)
                let text = try #require(style.foreground.components)
                let background = try #require(style.background.components)
                #expect(text.contrast(with: background) >= 4.5, "\(theme) \(sign) at \(step)/200")
            }
        }
    }

    @Test("high contrast means 7:1 at the anchors")
    func highContrast() {
        for sign in [HeatRamp.Sign.positive, .negative] {
            for index in HeatRamp.anchors(sign, theme: .highContrast) {
                let color = XtermPalette.color(index)
                #expect(HeatRamp.textColor(on: color).contrast(with: color) >= 7, "\(index)")
            }
        }
    }

    @Test("neighbouring levels differ for every kind of colour vision", arguments: ColorVision.allCases)
    func distinct(vision: ColorVision) {
        for (theme, sign) in Self.ramps {
            let colors = HeatRamp.anchors(sign, theme: theme).map { XtermPalette.color($0) }
            for (weaker, stronger) in zip(colors, colors.dropFirst()) {
                #expect(vision.difference(weaker, stronger) >= 10, "\(theme) \(sign): \(weaker) and \(stronger)")
            }
        }
    }

    @Test("contrast against the page rises with the level")
    func rises() {
        for (theme, sign) in Self.ramps {
            let page: RGB = theme == .light ? .white : .black
            let contrasts = HeatRamp.anchors(sign, theme: theme).map { XtermPalette.color($0).contrast(with: page) }
            #expect(contrasts == contrasts.sorted(), "\(theme) \(sign)")
        }
    }

    @Test("256 colours have five levels, and the ends are the ramp's ends")
    func levels() {
        let levels = (1...100).map {
            HeatRamp.style(level: Double($0) / 100, depth: .indexed256, theme: .dark).background
        }
        #expect(Set(levels).count == 5)
        #expect(levels.first == .indexed(236))
        #expect(levels.last == .indexed(228))
    }

    @Test("truecolour passes through the same anchors")
    func interpolates() {
        for (place, index) in HeatRamp.anchors(.positive, theme: .light).enumerated() {
            let style = HeatRamp.style(level: Double(place + 1) / 5, depth: .truecolor, theme: .light)
            #expect(style.background.components == XtermPalette.color(index))
        }
    }

    @Test("without enough colours the sign is told by more than hue")
    func fewColors() {
        for depth in [ColorDepth.sixteen, .mono] {
            let positive = HeatRamp.style(level: 1, sign: .positive, depth: depth, theme: .dark)
            let negative = HeatRamp.style(level: 1, sign: .negative, depth: depth, theme: .dark)
            #expect(positive.attributes != negative.attributes)
            #expect(positive.background == .default)
        }
        let weak = HeatRamp.style(level: 0.2, depth: .sixteen, theme: .dark)
        #expect(weak.attributes == [.reverse, .dim])
    }
}
