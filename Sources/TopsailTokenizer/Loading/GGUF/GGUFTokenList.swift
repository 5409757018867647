import TopsailCore
import TopsailFiles

/// Reads the entries of a GGUF vocabulary and their types.
struct GGUFTokenList: TokenizerFileReader {
    /// ggml's `token_type`.
    enum TokenType: Int { case undefined = 0, normal, unknown, control, userDefined, unused, byte }

    struct Entries {
        var vocabulary: Vocabulary
        var addedTokens: [AddedToken]
        var types: [TokenType]
    }

    let path: String
    let metadata: ArchiveMetadata

    func read() throws(TokenizerError) -> Entries {
        guard let tokens = metadata.array("tokenizer.ggml.tokens"), tokens.elementType == .string else {
            throw missing("tokenizer.ggml.tokens")
        }
        var types = try tokenTypes(count: tokens.count)
        let isSentencePiece = metadata.string("tokenizer.ggml.model") == "llama"
        var builder = try VocabularyBuilder(path: path, count: tokens.count)
        var addedTokens: [AddedToken] = []
        try forEachString(in: tokens) { (entry, index) throws(TokenizerError) in
            let id = TokenID(index)
            guard String(validating: entry, as: UTF8.self) != nil else {
                throw bad("tokenizer.ggml.tokens[\(index)]", "is not UTF-8")
            }
            if isSentencePiece, types[index] == .userDefined, entry.allSatisfy({ $0 == 0x20 }) {
                // Gemma's runs of spaces, pieces like any other, which its GGUF files do not spell as such.
                types[index] = .normal
                let spelling = Array(repeatElement(SentencePieceNormalizer.space, count: entry.count).joined())
                return try spelling.withText { (text) throws(TokenizerError) in try builder.setPiece(id, text.bytes) }
            }
            switch types[index] {
            case .unknown, .control, .userDefined:
                try builder.setAdded(id, entry)
                // Rows that only pad the embedding; nobody means them by writing this.
                let text = String(decoding: entry, as: UTF8.self)
                guard text != "[PAD\(index)]", !text.isEmpty else { return }
                addedTokens.append(addedToken(id, text, types[index]))
            default: try builder.setPiece(id, entry)
            }
        }
        return Entries(vocabulary: builder.vocabulary, addedTokens: addedTokens, types: types)
    }

    private func addedToken(_ id: TokenID, _ text: String, _ type: TokenType) -> AddedToken {
        var token = AddedToken(id: id, text: text, isSpecial: type != .userDefined)
        // The published tokenizer of Phi-3 has a flag for this that GGUF has no place for.
        let isPhi3 =
            metadata.string("general.architecture") == "phi3"
            && metadata.string("tokenizer.ggml.model") == "llama"
        token.stripsRight = isPhi3 && !["<unk>", "<s>", "<|endoftext|>"].contains(text)
        return token
    }

    private func tokenTypes(count: Int) throws(TokenizerError) -> [TokenType] {
        guard metadata["tokenizer.ggml.token_type"] != nil else { return Array(repeating: .normal, count: count) }
        guard let types = metadata.ints("tokenizer.ggml.token_type") else { throw missing("tokenizer.ggml.token_type") }
        guard types.count == count else {
            throw bad("tokenizer.ggml.token_type", "has \(types.count) entries for \(count) tokens")
        }
        return try types.enumerated().map { (index, type) throws(TokenizerError) in
            guard let type = TokenType(rawValue: type) else {
                throw bad("tokenizer.ggml.token_type[\(index)]", "is \(type), which is not known")
            }
            return type
        }
    }
}
