import TopsailCore

/// The tokens of one text as they come, and the scratch that makes them; lives for one call of `encode`.
struct TokenOutput {
    private(set) var tokens: [TokenID] = []
    private var merger: PieceMerger
    private var cache: PieceCache

    /// - Parameter textBytes: Length of the text, from which sizes are guessed.
    init(merges: MergeTable, singleBytes: [TokenID], textBytes: Int) {
        merger = PieceMerger(merges: merges, singleBytes: singleBytes)
        cache = PieceCache(textBytes: textBytes)
        tokens.reserveCapacity(textBytes / 4 + 8)
    }

    mutating func append(_ token: TokenID) { tokens.append(token) }

    mutating func append(contentsOf more: [TokenID]) { tokens.append(contentsOf: more) }

    /// Appends what the bytes of a pre-token merge into.
    mutating func append(merging piece: UnsafeRawBufferPointer) {
        guard let key = PieceCache.key(piece) else { return merger.append(piece, to: &tokens) }
        if let known = cache.find(key) {
            for at in known { tokens.append(tokens[at]) }
            return
        }
        let start = tokens.count
        merger.append(piece, to: &tokens)
        cache.insert(key, tokensAt: start..<tokens.count)
    }
}
