/// Where a text can be cut before merging without changing what the merging gives.
///
/// SentencePiece's vocabularies come without a pre-tokeniser, and merging a megabyte at once is slow. Almost no piece holds
/// a `▁` anywhere but at its front: no merge then crosses the place before a `▁`, unless the byte before it is one that
/// some piece has there.
struct WordBreaks: Sendable {
    private static let mark: [UInt8] = Array("\u{2581}".utf8)
    /// Whether some piece has a `▁` after a code point that ends in this byte.
    private var isJoined = [Bool](repeating: false, count: 256)

    /// - Returns: `nil` when `▁` itself is not a piece.
    init?(of vocabulary: Vocabulary) {
        guard vocabulary.piece(Self.mark) != nil else { return nil }
        vocabulary.forEachPiece { _, piece in
            var position = 1
            while position < piece.count {
                if piece.bytes[position] == Self.mark[0], piece.has(Self.mark, at: position) {
                    isJoined[Int(piece.bytes[position - 1])] = true
                }
                position += 1
            }
        }
    }

    /// Calls `body` with the parts of a text.
    func forEachPart(of text: UTF8Text, _ body: (UTF8Text) -> Void) {
        var start = 0
        var position = 1
        while position < text.count {
            if text.bytes[position] == Self.mark[0], !isJoined[Int(text.bytes[position - 1])],
                text.has(Self.mark, at: position)
            {
                body(text[start..<position])
                start = position
            }
            position += 1
        }
        if start < text.count { body(text[start..<text.count]) }
    }
}
