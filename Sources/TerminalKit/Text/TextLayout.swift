/// Fitting text into columns.
public enum TextLayout {
    public enum Alignment: Sendable, Hashable {
        case leading, trailing, center
    }

    /// The text, or as much of it as leaves room for the ellipsis.
    ///
    /// - Parameter width: Columns; nothing fits into zero.
    public static func truncate(_ text: String, to width: Int, ellipsis: String = "…") -> String {
        guard DisplayWidth.of(text) > width else { return text }
        let sign = DisplayWidth.of(ellipsis) <= width ? ellipsis : ""
        return prefix(text, columns: width - DisplayWidth.of(sign)) + sign
    }

    /// Keeps the end of the text, for paths and for what was typed last.
    public static func truncateStart(_ text: String, to width: Int, ellipsis: String = "…") -> String {
        guard DisplayWidth.of(text) > width else { return text }
        let sign = DisplayWidth.of(ellipsis) <= width ? ellipsis : ""
        var room = width - DisplayWidth.of(sign)
        var kept: [Character] = []
        for character in text.reversed() {
            room -= DisplayWidth.of(character)
            if room < 0 { break }
            kept.append(character)
        }
        return sign + String(kept.reversed())
    }

    /// Keeps both ends of the text, for names that differ at either.
    public static func truncateMiddle(_ text: String, to width: Int, ellipsis: String = "…") -> String {
        guard DisplayWidth.of(text) > width else { return text }
        let sign = DisplayWidth.of(ellipsis) <= width ? ellipsis : ""
        let room = width - DisplayWidth.of(sign)
        return prefix(text, columns: room - room / 2) + sign + truncateStart(text, to: room / 2, ellipsis: "")
    }

    /// The longest start of the text that takes at most `columns` columns; a user-perceived character is never cut.
    public static func prefix(_ text: String, columns: Int) -> String {
        var room = columns
        var end = text.startIndex
        while end < text.endIndex {
            room -= DisplayWidth.of(text[end])
            if room < 0 { break }
            end = text.index(after: end)
        }
        return String(text[..<end])
    }

    /// The text in exactly `width` columns: cut with an ellipsis, or filled with blanks.
    public static func fit(
        _ text: String, to width: Int, alignment: Alignment = .leading, ellipsis: String = "…"
    ) -> String {
        let shown = truncate(text, to: width, ellipsis: ellipsis)
        let blanks = max(0, width - DisplayWidth.of(shown))
        switch alignment {
        case .leading: return shown + String(repeating: " ", count: blanks)
        case .trailing: return String(repeating: " ", count: blanks) + shown
        case .center:
            return String(repeating: " ", count: blanks / 2) + shown
                + String(repeating: " ", count: blanks - blanks / 2)
        }
    }

    /// Breaks text into lines of at most `width` columns: at line feeds, else at blanks, else between characters.
    ///
    /// A blank at which a line is broken is not shown. A character wider than `width` gets a line of its own.
    public static func wrap(_ text: String, width: Int) -> [String] {
        let width = max(1, width)
        return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { wrapParagraph($0, width: width) }
    }

    private static func wrapParagraph(_ paragraph: Substring, width: Int) -> [String] {
        var lines: [String] = []
        var start = paragraph.startIndex
        var blank: Substring.Index?
        var column = 0
        var index = start
        while index < paragraph.endIndex {
            let character = paragraph[index]
            let columns = DisplayWidth.of(character)
            if column + columns > width && index > start {
                // A blank that hangs over the edge ends the line by itself.
                let end = character == " " ? index : blank ?? index
                lines.append(String(paragraph[start..<end]))
                start = end < paragraph.endIndex && paragraph[end] == " " ? paragraph.index(after: end) : end
                index = max(index, start)
                column = DisplayWidth.of(paragraph[start..<index])
                blank = nil
                continue
            }
            if character == " " && index > start { blank = index }
            column += columns
            index = paragraph.index(after: index)
        }
        lines.append(String(paragraph[start...]))
        return lines
    }
}
