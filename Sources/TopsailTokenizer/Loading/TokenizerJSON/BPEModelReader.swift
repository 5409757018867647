import TopsailCore

/// Reads a `model` of the type BPE.
struct BPEModelReader: TokenizerFileReader {
    let path: String
    let node: JSONNode

    /// - Parameter addedTokens: Get their places in the vocabulary.
    func read(_ addedTokens: inout [AddedToken]) throws(TokenizerError) -> BPEModel {
        if let dropout = node["dropout"], !dropout.isNull, dropout.double != 0 {
            throw unsupported("model BPE with", "dropout")
        }
        let vocabulary = try readVocabulary(&addedTokens)
        let prefix = Array((node["continuing_subword_prefix"]?.string ?? "").utf8)
        var model = BPEModel(vocabulary: vocabulary, merges: try readMerges(vocabulary, prefix: prefix))
        model.continuingPrefix = prefix
        model.endOfWordSuffix = Array((node["end_of_word_suffix"]?.string ?? "").utf8)
        model.ignoresMerges = try flag(node, "ignore_merges", "model", default: false)
        model.fusesUnknown = try flag(node, "fuse_unk", "model", default: false)
        if try flag(node, "byte_fallback", "model", default: false) {
            model.byteTokens = ByteTokens(in: vocabulary)
        }
        model.unknown = try readUnknown(vocabulary)
        return model
    }

    private func readVocabulary(_ addedTokens: inout [AddedToken]) throws(TokenizerError) -> Vocabulary {
        guard let members = node["vocab"]?.members else { throw missing("model.vocab") }
        var entries: [(id: TokenID, name: JSONNode)] = []
        for member in members { entries.append((try tokenID(member.value, place: "model.vocab"), member.name)) }
        let highest = max(entries.map(\.id).max() ?? -1, addedTokens.map(\.id).max() ?? -1)
        var builder = try VocabularyBuilder(path: path, count: Int(highest) + 1)
        for entry in entries {
            _ = try entry.name.withStringBytes { (bytes) throws(TokenizerError) in
                try builder.setNewPiece(entry.id, bytes, place: "model.vocab")
            }
        }
        for index in addedTokens.indices {
            try builder.add(&addedTokens[index], place: "added_tokens[\(index)]")
        }
        return builder.vocabulary
    }

    /// The unknown token. It may be a name without an entry where every byte has a piece, since it is never needed then.
    private func readUnknown(_ vocabulary: Vocabulary) throws(TokenizerError) -> TokenID? {
        guard let name = node["unk_token"], !name.isNull else { return nil }
        guard let text = name.string else { throw missing("model.unk_token") }
        if let id = vocabulary.piece(text.utf8) { return id }
        let hasAllBytes = ByteAlphabet.codePoints.allSatisfy { codePoint in
            vocabulary.piece(String(Unicode.Scalar(codePoint)!).utf8) != nil
        }
        guard hasAllBytes || text.isEmpty else {
            throw bad("model.unk_token", "names “\(text)”, which is not in the vocabulary")
        }
        return nil
    }

    private func readMerges(_ vocabulary: Vocabulary, prefix: [UInt8]) throws(TokenizerError) -> MergeTable {
        guard let merges = node["merges"]?.elements else { throw missing("model.merges") }
        var builder = try MergeTableBuilder(
            path: path, vocabulary: vocabulary, mergeCount: merges.reduce(0) { count, _ in count + 1 }, prefix: prefix)
        var index = 0
        for merge in merges {
            try read(merge, place: "model.merges[\(index)]", into: &builder)
            index += 1
        }
        return builder.merges
    }

    private func read(
        _ merge: JSONNode, place: @autoclosure () -> String, into builder: inout MergeTableBuilder
    ) throws(TokenizerError) {
        guard var parts = merge.elements else {
            let line: Void? = try merge.withStringBytes { (line) throws(TokenizerError) in
                try builder.add(line: line, place: place())
            }
            guard line != nil else { throw bad(place(), "should be a pair of entries") }
            return
        }
        guard let left = parts.next(), let right = parts.next(), parts.next() == nil else {
            throw bad(place(), "should have two parts, a pair of entries")
        }
        let pair: Void?? = try left.withStringBytes { (left) throws(TokenizerError) in
            try right.withStringBytes { (right) throws(TokenizerError) in
                try builder.add(left, right, place: place())
            }
        }
        guard case .some(.some) = pair else { throw bad(place(), "should be a pair of strings") }
    }
}
