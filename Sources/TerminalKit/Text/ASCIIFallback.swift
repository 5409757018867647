/// What stands for a character on a terminal that shows ASCII only.
public enum ASCIIFallback {
    private static let signs: [String: String] = [
        "·": ".", "•": "*", "…": "~", "—": "-", "–": "-", "−": "-", "│": "|", "┃": "|", "─": "-", "━": "-", "▌": ">",
        "↵": "$", "⇥": ">", "⟦": "[", "⟧": "]", "⟨": "<", "⟩": ">", "‘": "'", "’": "'", "“": "\"", "”": "\"", "⁺": "+",
        "▸": ">", "▾": "v", "★": "*", "●": "x", "○": "o", "×": "x", "→": ">", "←": "<", "↑": "^", "↓": "v", "≥": ">",
        "≤": "<",
        "▴": "^",
    ]

    /// The text itself when it is ASCII, else one character for it.
    public static func text(for text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        if let sign = signs[text] { return sign }
        // Marks are dropped where the base alone still reads.
        if let base = text.unicodeScalars.first, base.isASCII { return String(base) }
        return "?"
    }
}
