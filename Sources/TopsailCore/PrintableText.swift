/// Text from data made harmless for a terminal.
///
/// Data and model text may hold escape sequences, bidirectional overrides and invisible characters. Everything that reaches
/// a screen or a pipe goes through `printable`; what is stored and exported stays as it was.
public enum PrintableText {
    /// Replaces every character that could move the cursor, colour, reorder or hide text by a visible stand-in.
    ///
    /// Line feed becomes `↵`, tab `⇥`, other C0 controls their Unicode picture (`␛`), C1 controls and format characters
    /// their name or number in `⟦ ⟧`.
    ///
    /// - Parameters:
    ///   - text: Any string.
    ///   - keepingNewlines: `true` leaves line feeds as they are, for text that is wrapped by the caller.
    /// - Complexity: O(n) in the number of scalars.
    public static func printable(_ text: String, keepingNewlines: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: { needsStandIn($0) }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\n" && keepingNewlines {
                result.append(scalar)
            } else if needsStandIn(scalar) {
                result.append(contentsOf: standIn(for: scalar).unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The text of one token as a chip on screen: like `printable`, and a leading space becomes `·`.
    public static func chip(_ text: String) -> String {
        let shown = printable(text)
        return shown.hasPrefix(" ") ? "·" + shown.dropFirst() : shown
    }

    /// Text of bytes that may be cut through a character, as a token's often are: bytes that make no character become `⟨E6⟩`, so
    /// that different pieces look different.
    ///
    /// - Complexity: O(n).
    public static func spelled(_ bytes: [UInt8]) -> String {
        if let whole = String(validating: bytes, as: UTF8.self) { return whole }
        var text = ""
        var rest = bytes[...]
        while let first = rest.first {
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            if let character = String(validating: rest.prefix(length), as: UTF8.self) {
                text += character
                rest = rest.dropFirst(length)
            } else {
                let digits = String(first, radix: 16, uppercase: true)
                text += "⟨\(digits.count < 2 ? "0" : "")\(digits)⟩"
                rest = rest.dropFirst()
            }
        }
        return text
    }

    private static func needsStandIn(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) { return true }
        if scalar.value < 0x300 { return scalar.value == 0xAD }
        switch scalar.properties.generalCategory {
        case .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return true
        default: return false
        }
    }

    private static let names: [UInt32: String] = [
        0xAD: "SHY", 0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ", 0x200E: "LRM", 0x200F: "RLM", 0x2028: "LS",
        0x2029: "PS",
        0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x2060: "WJ", 0x2066: "LRI",
        0x2067: "RLI",
        0x2068: "FSI", 0x2069: "PDI", 0xFEFF: "BOM",
    ]

    private static func standIn(for scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "↵"
        case "\t": return "⇥"
        case "\u{7F}": return "␡"
        case _ where scalar.value < 0x20: return String(Unicode.Scalar(0x2400 + scalar.value)!)
        default: return "⟦\(names[scalar.value] ?? String(scalar.value, radix: 16, uppercase: true))⟧"
        }
    }
}
