/// Text on its way into the database: kept as it is, escape sequences and all, but for U+0000.
enum StoredText {
    /// SQL text ends at U+0000, so it is stored as its picture `␀` rather than cutting off the rest.
    static func clean(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{2400}" : $0 }))
    }

    static func clean(_ text: String?) -> String? { text.map { clean($0) } }
}
