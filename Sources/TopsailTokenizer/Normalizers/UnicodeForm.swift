import Foundation

/// Unicode's normalization forms, as of Unicode 12: that is what the reference's library knows.
///
/// Later code points are left alone and nothing is composed or reordered across them.
package enum UnicodeForm: Sendable, Hashable {
    case nfc, nfd, nfkc, nfkd

    /// Whether nothing in a text can change, by a look at its bytes.
    func leavesAlone(_ text: UTF8Text) -> Bool {
        // Everything below U+0300, the first combining mark, is composed already; its lead bytes are below 0xCC.
        let limit: UInt8 = self == .nfc ? 0xCC : 0x80
        return !text.bytes.contains { $0 >= limit }
    }

    func normalized(_ text: UTF8Text) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 4)
        var start = 0
        text.forEachScalar { value, range in
            guard Self.isNewer(value) else { return }
            append(text[start..<range.lowerBound], to: &output)
            output.append(contentsOf: text.bytes[range])
            start = range.upperBound
        }
        append(text[start..<text.count], to: &output)
        return output
    }

    /// The composition is the one by which the standard library compares strings: Foundation's on Linux confuses
    /// characters beyond U+FFFF with others, and makes U+1EBE of U+200CA and an acute accent.
    private func append(_ text: UTF8Text, to output: inout [UInt8]) {
        guard !text.isEmpty else { return }
        let string = String(decoding: text.bytes, as: UTF8.self)
        switch self {
        case .nfc: output.append(contentsOf: string._nfcCodeUnits)
        case .nfd: output.append(contentsOf: string.decomposedStringWithCanonicalMapping.utf8)
        case .nfkc: output.append(contentsOf: Self.compatible(string)._nfcCodeUnits)
        case .nfkd: output.append(contentsOf: Self.compatible(string).decomposedStringWithCanonicalMapping.utf8)
        }
    }

    /// The text with each code point replaced by its compatibility decomposition.
    private static func compatible(_ text: String) -> String {
        var output = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                output.append(scalar)
            } else {
                output.append(contentsOf: String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars)
            }
        }
        return String(output)
    }

    static func isNewer(_ codePoint: UInt32) -> Bool {
        switch codePoint {
        // The bulk of most texts, all of it older.
        case 0..<0x0860, 0x1E00..<0x2000, 0x3000..<0x3100, 0x4E00..<0x9FA6, 0xAC00..<0xD7A4: return false
        default:
            guard let age = Unicode.Scalar(codePoint)?.properties.age else { return true }
            return (age.major, age.minor) > (12, 0)
        }
    }
}
