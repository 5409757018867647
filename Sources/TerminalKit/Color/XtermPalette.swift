/// The 256 colours of xterm: sixteen named ones, a 6×6×6 cube, and 24 greys.
public enum XtermPalette {
    /// xterm's defaults for the first sixteen; a user's scheme may differ.
    private static let named: [RGB] = [
        RGB(red: 0, green: 0, blue: 0), RGB(red: 205, green: 0, blue: 0), RGB(red: 0, green: 205, blue: 0),
        RGB(red: 205, green: 205, blue: 0), RGB(red: 0, green: 0, blue: 238), RGB(red: 205, green: 0, blue: 205),
        RGB(red: 0, green: 205, blue: 205), RGB(red: 229, green: 229, blue: 229), RGB(red: 127, green: 127, blue: 127),
        RGB(red: 255, green: 0, blue: 0), RGB(red: 0, green: 255, blue: 0), RGB(red: 255, green: 255, blue: 0),
        RGB(red: 92, green: 92, blue: 255), RGB(red: 255, green: 0, blue: 255), RGB(red: 0, green: 255, blue: 255),
        RGB(red: 255, green: 255, blue: 255),
    ]

    private static let cubeSteps: [UInt8] = [0, 95, 135, 175, 215, 255]

    public static func color(_ index: UInt8) -> RGB {
        switch index {
        case 0..<16: return named[Int(index)]
        case 16..<232:
            let cell = Int(index) - 16
            return RGB(red: cubeSteps[cell / 36], green: cubeSteps[cell / 6 % 6], blue: cubeSteps[cell % 6])
        default:
            let grey = 8 + 10 * (index - 232)
            return RGB(red: grey, green: grey, blue: grey)
        }
    }

    /// The palette entry at the least squared distance, among the entries of `range`.
    ///
    /// - Complexity: O(range); cache the answer where it is asked for often.
    public static func nearest(to color: RGB, in range: Range<Int>) -> UInt8 {
        func distance(_ index: Int) -> Int {
            let entry = Self.color(UInt8(index))
            let red = Int(entry.red) - Int(color.red)
            let green = Int(entry.green) - Int(color.green)
            let blue = Int(entry.blue) - Int(color.blue)
            return red * red + green * green + blue * blue
        }
        return UInt8(range.min { distance($0) < distance($1) } ?? range.lowerBound)
    }
}
