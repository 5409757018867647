import Foundation

/// Numbers as the screens show them: the same decimals down a column, no locale.
enum Figures {
    /// An activation or a logit difference: `18.2`, `0.05`.
    static func activation(_ value: Float) -> String {
        guard value.isFinite else { return "—" }
        let magnitude = abs(value)
        return fixed(Double(value), decimals: magnitude >= 1000 ? 0 : magnitude >= 0.05 || magnitude == 0 ? 1 : 2)
    }

    /// A share as percent without the sign: `0.31`, `12.0`, `<.01`.
    static func percent(_ share: Double) -> String {
        let percent = share * 100
        if percent > 0, percent < 0.005 { return "<.01" }
        return fixed(percent, decimals: percent >= 9.995 ? 1 : 2)
    }

    /// A score or a cosine: `.82`, `−.10`, `1.0`.
    static func share(_ value: Double) -> String {
        guard value.isFinite else { return "—" }
        let text = fixed(abs(value), decimals: 2)
        let short = text.hasPrefix("0") ? String(text.dropFirst()) : String(text.dropLast())
        return value < 0 && short != ".00" ? "−" + short : short
    }

    /// A small figure whose third decimal matters: `.023`.
    static func fine(_ value: Double) -> String {
        guard value.isFinite else { return "—" }
        let text = fixed(abs(value), decimals: 3)
        return (value < 0 ? "−" : "") + (text.hasPrefix("0") ? String(text.dropFirst()) : text)
    }

    /// A share of chance finds: `.04`, `<.001`.
    static func chance(_ value: Double) -> String {
        value < 0.001 ? "<.001" : value < 0.01 ? fine(value) : share(value)
    }

    /// How many times something is something else: `.82×`, `1.4×`, `145×`.
    static func times(_ value: Double) -> String {
        guard value.isFinite else { return "—" }
        return (value < 0.995 ? share(value) : fixed(value, decimals: value < 99.95 ? 1 : 0)) + "×"
    }

    /// A signed effect with its sign always there: `+2.1`, `−.8`.
    static func signed(_ value: Float) -> String {
        let text = fixed(Double(abs(value)), decimals: abs(value) >= 0.095 ? 1 : 2)
        let short = text.hasPrefix("0.") ? String(text.dropFirst()) : text
        return (value < 0 ? "−" : "+") + short
    }

    /// A whole number with thousands apart: `24,576`.
    static func count(_ value: Int) -> String {
        var digits = Array(String(value.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (value < 0 ? "−" : "") + String(digits)
    }

    /// A count in at most five columns: `388`, `23.7k`, `1.2M`.
    static func shortCount(_ value: Int) -> String {
        switch value {
        case ..<10_000: String(value)
        case ..<999_500: fixed(Double(value) / 1e3, decimals: value < 99_950 ? 1 : 0) + "k"
        default: fixed(Double(value) / 1e6, decimals: 1) + "M"
        }
    }

    static func seconds(_ duration: Duration) -> String { fixed(duration.inSeconds, decimals: 1) + " s" }

    /// libc's `%.*f`, straight: `String(format:)` finds the same digits through an `NSString`, and a screen has hundreds.
    static func fixed(_ value: Double, decimals: Int) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
            let length = withVaList([CInt(decimals), value]) {
                vsnprintf(buffer.baseAddress, buffer.count, "%.*f", $0)
            }
            return String(decoding: buffer.prefix(Int(length)).lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
