import TerminalKit
import Testing

@Suite("Colour") struct ColorTests {
    @Test(
        "the first source that says something decides on the depth",
        arguments: [
            (nil, [:], 256, ColorDepth.indexed256), (.sixteen, ["NO_COLOR": "1"], 256, .sixteen),
            (nil, ["NO_COLOR": "1", "COLORTERM": "truecolor"], 256, .mono), (nil, ["NO_COLOR": ""], 256, .indexed256),
            (nil, ["COLORTERM": "24bit"], 256, .truecolor), (nil, ["TERM": "xterm-direct"], 8, .truecolor),
            (nil, [:], 8, .sixteen), (nil, [:], 88, .sixteen), (nil, [:], -1, .mono), (nil, [:], nil, .mono),
            (nil, [:], 1 << 24, .truecolor), (nil, ["COLORTERM": "truecolor", "STY": "1.tty"], 256, .indexed256),
        ] as [(ColorDepth?, [String: String], Int?, ColorDepth)])
    func depth(choice: ColorDepth?, environment: [String: String], colors: Int?, expected: ColorDepth) {
        #expect(ColorDepth.detect(choice: choice, environment: environment, terminfoColors: colors) == expected)
    }

    @Test("reducing keeps what the terminal has and finds the nearest of the rest")
    func reduces() {
        let orange = TerminalColor.rgb(red: 255, green: 175, blue: 0)
        #expect(orange.reduced(to: .truecolor) == orange)
        #expect(orange.reduced(to: .indexed256) == .indexed(214))
        #expect(TerminalColor.indexed(214).reduced(to: .sixteen) == .indexed(3))
        #expect(TerminalColor.indexed(9).reduced(to: .sixteen) == .indexed(9))
        #expect(orange.reduced(to: .mono) == .default)
    }

    @Test("every palette entry of cube and greys is its own nearest")
    func palette() {
        for index in UInt8(16)...255 {
            let nearest = XtermPalette.nearest(to: XtermPalette.color(index), in: 16..<256)
            #expect(XtermPalette.color(nearest) == XtermPalette.color(index))
        }
    }

    @Test("contrast is 21 between black and white, 1 with itself")
    func contrast() {
        #expect(abs(RGB.black.contrast(with: .white) - 21) < 1e-9)
        #expect(RGB.white.contrast(with: .white) == 1)
    }

    @Test("selection, focus and errors never rest on colour alone", arguments: Theme.Name.allCases)
    func roles(name: Theme.Name) {
        for depth in [ColorDepth.mono, .sixteen] {
            let theme = Theme(name, depth: depth)
            #expect(!theme.style(.selection).attributes.isEmpty)
            #expect(theme.style(.selection).attributes != theme.style(.inactiveSelection).attributes)
            #expect(theme.style(.error).attributes != theme.style(.text).attributes)
        }
        let theme = Theme(name, depth: .mono)
        for role in Theme.Role.allCases {
            #expect(theme.style(role).foreground == .default)
            #expect(theme.style(role).background == .default)
        }
    }

    @Test("where a role sets both colours, they contrast by 4.5:1", arguments: Theme.Name.allCases)
    func roleContrast(name: Theme.Name) {
        for role in Theme.Role.allCases {
            let style = Theme(name, depth: .indexed256).style(role)
            if let text = style.foreground.components, let background = style.background.components {
                #expect(text.contrast(with: background) >= 4.5, "\(role)")
            } else {
                // One colour of ours with one of the terminal's must read on the page the theme is for.
                #expect(style.background == .default, "\(role) sets a background under the terminal's own foreground")
                let page: RGB = name == .light ? .white : .black
                // On white, thin lines look paler than their colour.
                let isLine = role == .border && name != .light
                if let text = style.foreground.components {
                    #expect(text.contrast(with: page) >= (isLine ? 3 : 4.5), "\(role)")
                }
            }
        }
    }

    @Test("the background is guessed from COLORFGBG, and dark where that says nothing")
    func background() {
        for light in ["0;15", "0;default;15", "0;7", "1;11"] {
            #expect(BackgroundGuess(colorFGBG: light).theme == .light)
        }
        for dark in [nil, "", "15;0", "15;8", "7;default;0", "15;default", "15", "0;99", ";"] {
            #expect(BackgroundGuess(colorFGBG: dark).theme == .dark)
        }
        #expect(BackgroundGuess(colorFGBG: "0;15").reason == "COLORFGBG says colour 15")
        #expect(BackgroundGuess(colorFGBG: nil).reason == "COLORFGBG is not set")
    }
}
