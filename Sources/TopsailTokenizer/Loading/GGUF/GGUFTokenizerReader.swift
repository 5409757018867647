import TopsailCore
import TopsailFiles

/// Reads the `tokenizer.ggml.*` settings of a GGUF file.
///
/// Source: `docs/gguf.md` in ggml.
struct GGUFTokenizerReader: TokenizerFileReader {
    let path: String
    let metadata: ArchiveMetadata

    func read() throws(TokenizerError) -> PipelineTokenizer {
        switch metadata.string("tokenizer.ggml.model") {
        case "gpt2": return try readByteLevel()
        case "llama": return try readSentencePiece()
        case let model?: throw unsupported("tokenizer.ggml.model", model)
        case nil: throw missing("tokenizer.ggml.model")
        }
    }

    // MARK: Byte-level BPE

    private func readByteLevel() throws(TokenizerError) -> PipelineTokenizer {
        let named = try namedPipeline()
        let entries = try GGUFTokenList(path: path, metadata: metadata).read()
        let lines = try array("merges")
        var builder = try MergeTableBuilder(path: path, vocabulary: entries.vocabulary, mergeCount: lines.count)
        try forEachString(in: lines) { (line, index) throws(TokenizerError) in
            try builder.add(line: line, place: "tokenizer.ggml.merges[\(index)]")
        }
        var model = BPEModel(vocabulary: entries.vocabulary, merges: builder.merges)
        model.ignoresMerges = named.ignoresMerges
        var pipeline = PipelineTokenizer.Pipeline()
        pipeline.normalizer = named.normalizer
        pipeline.preTokenizer = named.preTokenizer
        pipeline.decoder = .byteLevel
        return PipelineTokenizer(
            model: .bpe(model), pipeline: pipeline, addedTokens: entries.addedTokens,
            special: try specialTokens(count: entries.vocabulary.count, addsBOS: named.addsBOS))
    }

    private func namedPipeline() throws(TokenizerError) -> NamedPipeline {
        let presumed = NamedPipeline.name(forArchitecture: metadata.string("general.architecture"))
        guard let name = metadata.string("tokenizer.ggml.pre") ?? presumed else { throw missing("tokenizer.ggml.pre") }
        guard let named = NamedPipeline(name) else { throw unsupported("tokenizer.ggml.pre", name) }
        return named
    }

    // MARK: SentencePiece BPE

    private func readSentencePiece() throws(TokenizerError) -> PipelineTokenizer {
        let entries = try GGUFTokenList(path: path, metadata: metadata).read()
        let vocabulary = entries.vocabulary
        let ranks = try scoreRanks(count: vocabulary.count)
        // Gemma's scores do not give the order of merging; that of the entries does.
        let isInOrder = metadata.string("general.architecture")?.hasPrefix("gemma") ?? false
        let merges = MergeEnumeration.merges(of: vocabulary) { id, count in
            guard entries.types[Int(id)] == .normal else { return nil }
            return isInOrder ? UInt32(count) : ranks[Int(id)]
        }
        var model = BPEModel(vocabulary: vocabulary, merges: merges)
        model.unknown = try tokenID("unknown_token_id", count: vocabulary.count)
        model.fusesUnknown = true
        model.byteTokens = ByteTokens(in: vocabulary)
        var pipeline = PipelineTokenizer.Pipeline()
        let addsPrefix = metadata.bool("tokenizer.ggml.add_space_prefix") ?? true
        let space = SentencePieceNormalizer.space
        let escape = Normalizer.replace(.literal([0x20]), by: space)
        pipeline.normalizer = addsPrefix ? .sequence([.prepend(space), escape]) : escape
        pipeline.decoder = .sentencePiece(dropsFirstSpace: addsPrefix)
        return PipelineTokenizer(
            model: .bpe(model), pipeline: pipeline, addedTokens: entries.addedTokens,
            special: try specialTokens(count: vocabulary.count, addsBOS: true))
    }

    /// How early the merges that yield each entry come.
    private func scoreRanks(count: Int) throws(TokenizerError) -> [UInt32] {
        guard let scores = metadata.floats("tokenizer.ggml.scores") else { throw missing("tokenizer.ggml.scores") }
        guard scores.count == count else {
            throw bad("tokenizer.ggml.scores", "has \(scores.count) entries for \(count) tokens")
        }
        if let odd = scores.firstIndex(where: \.isNaN) { throw bad("tokenizer.ggml.scores[\(odd)]", "is no number") }
        return MergeEnumeration.ranks(ofScores: scores)
    }

    // MARK: Special tokens

    private func specialTokens(count: Int, addsBOS: Bool) throws(TokenizerError) -> PipelineTokenizer.SpecialTokens {
        var special = PipelineTokenizer.SpecialTokens()
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
}

extension TokenizerFileReader {
    /// Walks an array of strings in the mapped file until `body` throws.
    func forEachString(
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
