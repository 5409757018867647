import TopsailCore

/// Reads a `model` of the type Unigram: pieces in the order of their ids, each with its log probability.
struct UnigramModelReader: TokenizerFileReader {
    let path: String
    let node: JSONNode

    /// - Parameter addedTokens: Get their places in the vocabulary.
    func read(_ addedTokens: inout [AddedToken]) throws(TokenizerError) -> UnigramModel {
        guard let elements = node["vocab"]?.elements else { throw missing("model.vocab") }
        let entries = Array(elements)
        let count = max(entries.count, Int(addedTokens.map(\.id).max() ?? -1) + 1)
        var builder = try VocabularyBuilder(path: path, count: count)
        var scores = [Double](repeating: 0, count: count)
        for (index, entry) in entries.enumerated() {
            let place = "model.vocab[\(index)]"
            guard let pair = entry.elements.map(Array.init), pair.count == 2, let score = pair[1].referenceDouble,
                score.isFinite
            else { throw bad(place, "should be a piece and its score") }
            scores[index] = score
            let piece: Void? = try pair[0].withStringBytes { (bytes) throws(TokenizerError) in
                try builder.setPiece(TokenID(index), bytes)
            }
            guard piece != nil else { throw bad(place, "should be a piece and its score") }
        }
        let unknown = try readUnknown(count: entries.count)
        for index in addedTokens.indices {
            try builder.add(&addedTokens[index], place: "added_tokens[\(index)]")
        }
        let hasFallback = try flag(node, "byte_fallback", "model", default: false)
        return UnigramModel(
            vocabulary: builder.vocabulary, scores: scores, unknown: unknown,
            byteTokens: hasFallback ? ByteTokens(in: builder.vocabulary) : nil)
    }

    private func readUnknown(count: Int) throws(TokenizerError) -> TokenID? {
        guard let node = node["unk_id"], !node.isNull else { return nil }
        guard let id = node.int, (0..<count).contains(id) else {
            throw bad("model.unk_id", "is not the id of an entry")
        }
        return TokenID(id)
    }
}
