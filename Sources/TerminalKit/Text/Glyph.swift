/// What is drawn for a piece of text: a base character with its marks, and the columns it takes.
public struct Glyph: Sendable, Hashable {
    /// One base with at most four marks, the most a cell of ncursesw holds.
    public var text: String
    /// One or two columns.
    public var width: Int

    init(_ text: String, width: Int) {
        self.text = text
        self.width = width
    }
}

extension Glyph {
    static let maximumMarks = 4

    /// Single-character strings of ASCII, made once because most cells hold one of them.
    static let ascii: [Glyph] = (0..<128).map { Glyph(String(Unicode.Scalar(UInt8($0))), width: 1) }

    /// Calls `body` for each glyph of `text`, left to right, until it returns `false`.
    ///
    /// Nothing that moves the cursor, reorders or hides text gets through, whatever the caller passes: controls become
    /// their Unicode pictures, format characters and unassigned code points `�`.
    package static func forEach(in text: some StringProtocol, _ body: (Glyph) -> Bool) {
        var text = String(text)
        var start = 0
        while true {
            // Most text is of glyphs that need no segmentation; what stops the scan is looked at as a character.
            let scanned = text.withUTF8 { PlainGlyphs.forEach(in: $0, from: start, body) }
            guard let stop = scanned, stop < text.utf8.count else { return }
            let character = text[text.utf8.index(text.startIndex, offsetBy: stop)]
            guard forEach(of: character, body) else { return }
            start = stop + character.utf8.count
        }
    }

    /// The glyphs of one user-perceived character.
    private static func forEach(of character: Character, _ body: (Glyph) -> Bool) -> Bool {
        let scalars = character.unicodeScalars
        if scalars.count > 1, let sign = emojiStandIn(for: scalars) {
            return body(sign) && body(Glyph("⁺", width: 1))
        }
        var pending: Glyph?
        var marks = 0
        for scalar in scalars {
            // Emoji presentation widens the character in some terminals only; without the selector all agree.
            if (0xFE00...0xFE0F).contains(scalar.value) && pending != nil { continue }
            let drawn = standIn(for: scalar)
            let width = DisplayWidth.of(drawn)
            if width > 0 {
                if let pending, !body(pending) { return false }
                pending = Glyph(String(drawn), width: width)
                marks = 0
            } else if var glyph = pending {
                guard marks < maximumMarks else { continue }
                glyph.text.unicodeScalars.append(drawn)
                pending = glyph
                marks += 1
            } else {
                pending = Glyph("◌" + String(drawn), width: 1)
                marks = 1
            }
        }
        return pending.map(body) ?? true
    }

    /// The first scalar of an emoji made of several, on whose width terminals disagree; `nil` for any other character.
    private static func emojiStandIn(for scalars: Character.UnicodeScalarView) -> Glyph? {
        guard let first = scalars.first, first.properties.isEmoji, !first.isASCII else { return nil }
        let joins = scalars.dropFirst().contains { scalar in
            scalar.value == 0x200D || scalar.properties.isEmojiModifier || (0x1F1E6...0x1F1FF).contains(scalar.value)
                || (0xE0020...0xE007F).contains(scalar.value)
        }
        return joins ? Glyph(String(first), width: max(1, DisplayWidth.of(first))) : nil
    }

    /// The scalar itself, or the visible one drawn in its place.
    static func standIn(for scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0..<0x20: return Unicode.Scalar(0x2400 + scalar.value)!
        case 0x20..<0x7F: return scalar
        case 0x7F: return "␡"
        case 0x80..<0xA0: return "�"
        default:
            if scalar.properties.generalCategory == .format { return "�" }
            return DisplayWidth.of(scalar) < 0 ? "�" : scalar
        }
    }
}

extension Character {
    /// The byte of a printable ASCII character; most text is of these, and `asciiValue` compares strings to find out.
    var printableASCII: UInt8? {
        let bytes = utf8
        guard let byte = bytes.first, byte >= 0x20, byte < 0x7F, bytes.count == 1 else { return nil }
        return byte
    }
}
