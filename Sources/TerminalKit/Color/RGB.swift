#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Red, green and blue in sRGB, `0...255` each.
public struct RGB: Sendable, Hashable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    public static let black = RGB(red: 0, green: 0, blue: 0)
    public static let white = RGB(red: 255, green: 255, blue: 255)

    /// Components with the sRGB transfer curve undone, `0...1`.
    package var linear: (red: Double, green: Double, blue: Double) {
        func decoded(_ component: UInt8) -> Double {
            let value = Double(component) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return (decoded(red), decoded(green), decoded(blue))
    }

    /// Relative luminance, `0...1`, as WCAG 2 defines it.
    public var luminance: Double {
        let linear = linear
        return 0.2126 * linear.red + 0.7152 * linear.green + 0.0722 * linear.blue
    }

    /// WCAG 2 contrast ratio, `1...21`.
    public func contrast(with other: RGB) -> Double {
        let (lighter, darker) = luminance > other.luminance ? (self, other) : (other, self)
        return (lighter.luminance + 0.05) / (darker.luminance + 0.05)
    }

    /// The colour a part of the way from here to `other`; `fraction` is held to `0...1`.
    public func mixed(with other: RGB, fraction: Double) -> RGB {
        let fraction = min(1, max(0, fraction))
        func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
            UInt8((Double(from) + (Double(to) - Double(from)) * fraction).rounded())
        }
        return RGB(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
    }
}
