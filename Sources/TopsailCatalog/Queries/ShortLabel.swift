/// A few words for narrow columns, from a whole explanation.
enum ShortLabel {
    /// Longest label, in characters.
    static let limit = 80

    /// The first line, cut at a word with `…` when it is too long; `nil` for blank text.
    static func make(_ explanation: String?) -> String? {
        guard let explanation, !explanation.isEmpty else { return nil }
        // Counting bytes first spares most explanations the slower walk over characters.
        if explanation.utf8.count <= limit, !explanation.utf8.contains(UInt8(ascii: "\n")) { return explanation }
        let line = explanation.drop(while: \.isNewline).prefix { !$0.isNewline }
        guard !line.isEmpty else { return nil }
        guard let end = line.index(line.startIndex, offsetBy: limit, limitedBy: line.endIndex), end < line.endIndex
        else {
            return String(line)
        }
        let head = line[..<line.index(before: end)]
        let word = head.lastIndex(where: \.isWhitespace).map { head[..<$0] } ?? head
        return String(word) + "…"
    }
}
