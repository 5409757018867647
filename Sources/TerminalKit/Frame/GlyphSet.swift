/// The drawing characters, in Unicode or in ASCII for terminals and fonts that lack them.
public struct GlyphSet: Sendable, Hashable {
    public var isASCII: Bool
    public var border: BorderGlyphs
    public var heavyBorder: BorderGlyphs
    /// Beside the selected row, so that selection does not rest on colour.
    public var selectionMark: String
    /// On rows the user marked.
    public var marked: String
    public var star: String
    public var expanded: String
    public var collapsed: String
    public var ellipsis: String
    public var missing: String
    public var minus: String
    public var separator: String
    public var prompt: String
    public var on: String
    public var off: String
    public var knob: String
    /// Heights of a bar of one cell, from nothing to full. Nine levels.
    public var rising: [String]
    /// Lengths of the last cell of a bar, from nothing to full. Nine levels in Unicode, two in ASCII.
    public var leftward: [String]

    public static let unicode = GlyphSet(
        isASCII: false, border: .single, heavyBorder: .heavy, selectionMark: "▌", marked: "•", star: "★", expanded: "▾",
        collapsed: "▸", ellipsis: "…", missing: "—", minus: "−", separator: "│", prompt: "▏", on: "●", off: "○",
        knob: "◆",
        rising: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], leftward: [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"])

    public static let ascii = GlyphSet(
        isASCII: true, border: .ascii, heavyBorder: .asciiHeavy, selectionMark: ">", marked: "*", star: "*",
        expanded: "v",
        collapsed: ">", ellipsis: "~", missing: "-", minus: "-", separator: "|", prompt: "_", on: "x", off: "o",
        knob: "#",
        rising: [" ", ".", ":", "-", "=", "+", "*", "#", "#"], leftward: [" ", "#"])

    /// The bar of one cell for a level `0...1`. Nothing only for zero: the least activation is still seen.
    public func bar(_ level: Double) -> String {
        guard level > 0 else { return rising[0] }
        let step = Int((min(1, level) * Double(rising.count - 1)).rounded(.up))
        return rising[min(max(1, step), rising.count - 1)]
    }

    /// Beside the title of a column that is sorted the other way round; `expanded` stands beside one that is not.
    public var reversedSort: String { isASCII ? "^" : "▴" }

    /// A bar to the right of at most `width` cells for a level `0...1`, without trailing blanks.
    public func horizontalBar(_ level: Double, width: Int) -> String {
        guard level > 0, width > 0 else { return "" }
        let steps = leftward.count - 1
        let filled = max(1, Int((min(1, level) * Double(width * steps)).rounded()))
        let rest = filled % steps
        return String(repeating: leftward[steps], count: filled / steps) + (rest > 0 ? leftward[rest] : "")
    }
}

/// The eight pieces of a box, and where lines meet the frame around them.
public struct BorderGlyphs: Sendable, Hashable {
    public var horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight: String

    public static let single = BorderGlyphs(
        horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘")
    public static let heavy = BorderGlyphs(
        horizontal: "━", vertical: "┃", topLeft: "┏", topRight: "┓", bottomLeft: "┗", bottomRight: "┛")
    public static let ascii = BorderGlyphs(
        horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+")
    /// Focus by weight without box characters.
    public static let asciiHeavy = BorderGlyphs(
        horizontal: "=", vertical: "#", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+")
}
