import TopsailCore
import TopsailFiles

/// Reads the `tokenizer.ggml.*` settings of a GGUF file.
///
/// Source: `docs/gguf.md` in ggml.
struct GGUFTokenizerReader: TokenizerFileReader {
    let path: String
    let metadata: ArchiveMetadata

    func read() throws(TokenizerError) -> ByteLevelBPE {
        let named = try namedPipeline()
        let entries = try array("tokens")
        let mergeLines = try array("merges")
        var builder = try VocabularyBuilder(path: path, tokenCount: entries.count, mergeCount: mergeLines.count)
        let addedTokens = try readEntries(entries, into: &builder)
        try forEachString(in: mergeLines) { (line, index) throws(TokenizerError) in
            try builder.addMerge(line: line, place: "tokenizer.ggml.merges[\(index)]")
        }
        return ByteLevelBPE(
            vocabulary: builder.vocabulary, merges: builder.merges, pipeline: named.pipeline, addedTokens: addedTokens,
            special: try specialTokens(count: entries.count, addsBOS: named.addsBOS))
    }

    private func namedPipeline() throws(TokenizerError) -> NamedPipeline {
        guard let model = metadata.string("tokenizer.ggml.model") else { throw missing("tokenizer.ggml.model") }
        guard model == "gpt2" else {
            throw unsupported("tokenizer.ggml.model", model == "llama" ? "llama (SentencePiece)" : model)
        }
        let presumed = NamedPipeline.name(forArchitecture: metadata.string("general.architecture"))
        guard let name = metadata.string("tokenizer.ggml.pre") ?? presumed else { throw missing("tokenizer.ggml.pre") }
        guard let named = NamedPipeline(name) else { throw unsupported("tokenizer.ggml.pre", name) }
        return named
    }

    /// Sets all entries of the vocabulary and collects those that are matched whole.
    private func readEntries(
        _ entries: MetadataArray, into builder: inout VocabularyBuilder
    ) throws(TokenizerError) -> [AddedToken] {
        let types = try tokenTypes(count: entries.count)
        var addedTokens: [AddedToken] = []
        try forEachString(in: entries) { (entry, index) throws(TokenizerError) in
            let id = TokenID(index)
            switch types?[index] {
            case TokenType.unknown, TokenType.control, TokenType.userDefined:
                let text = String(decoding: entry, as: UTF8.self)
                try builder.setLiteral(id, text: text)
                // Rows that only pad the embedding; nobody means them by writing this.
                guard text != "[PAD\(index)]" else { return }
                addedTokens.append(AddedToken(id: id, text: text, isSpecial: types?[index] != TokenType.userDefined))
            default: try builder.setEntry(id, spelled: entry)
            }
        }
        return addedTokens
    }

    /// ggml's `token_type`, as far as it matters for byte-level vocabularies.
    private enum TokenType {
        static let unknown = 2
        static let control = 3
        static let userDefined = 4
    }

    private func tokenTypes(count: Int) throws(TokenizerError) -> [Int]? {
        guard metadata["tokenizer.ggml.token_type"] != nil else { return nil }
        guard let types = metadata.ints("tokenizer.ggml.token_type") else { throw missing("tokenizer.ggml.token_type") }
        guard types.count == count else {
            throw bad("tokenizer.ggml.token_type", "has \(types.count) entries for \(count) tokens")
        }
        return types
    }

    private func specialTokens(count: Int, addsBOS: Bool) throws(TokenizerError) -> ByteLevelBPE.SpecialTokens {
        var special = ByteLevelBPE.SpecialTokens()
        special.bos = try tokenID("bos_token_id", count: count)
        special.eos = try tokenID("eos_token_id", count: count)
        if metadata.bool("tokenizer.ggml.add_bos_token") ?? addsBOS, let bos = special.bos { special.before = [bos] }
        if metadata.bool("tokenizer.ggml.add_eos_token") ?? false, let eos = special.eos { special.after = [eos] }
        return special
    }

    private func tokenID(_ name: String, count: Int) throws(TokenizerError) -> TokenID? {
        guard let id = metadata.int("tokenizer.ggml.\(name)") else { return nil }
        guard (0..<count).contains(id) else {
            throw bad("tokenizer.ggml.\(name)", "is \(id), but the vocabulary has \(count) entries")
        }
        return TokenID(id)
    }

    private func array(_ name: String) throws(TokenizerError) -> MetadataArray {
        guard let array = metadata.array("tokenizer.ggml.\(name)"), array.elementType == .string else {
            throw missing("tokenizer.ggml.\(name)")
        }
        return array
    }

    /// Walks an array of strings in the mapped file until `body` throws.
    private func forEachString(
        in array: MetadataArray, _ body: (UnsafeRawBufferPointer, Int) throws(TokenizerError) -> Void
    ) throws(TokenizerError) {
        var failure: TokenizerError?
        var index = 0
        array.forEachString { bytes in
            guard failure == nil else { return }
            do throws(TokenizerError) {
                try body(bytes, index)
            } catch {
                failure = error
            }
            index += 1
        }
        if let failure { throw failure }
    }
}
