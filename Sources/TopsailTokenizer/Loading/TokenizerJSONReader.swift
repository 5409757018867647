import TopsailCore

/// Reads a Hugging Face `tokenizer.json` of the byte-level BPE kind.
///
/// Source: the `tokenizers` library's serialised form. Truncation and padding are for batches and are left alone.
struct TokenizerJSONReader: TokenizerFileReader {
    let path: String
    let root: JSONNode
    /// The root of `tokenizer_config.json`.
    let configuration: JSONNode?

    func read() throws(TokenizerError) -> ByteLevelBPE {
        guard let model = root["model"], model.kind == .object else { throw missing("model") }
        try checkVariant(of: model)
        var pipeline = try PipelineJSONReader(path: path, root: root).read()
        pipeline.ignoresMerges = model["ignore_merges"]?.bool ?? false
        let addedTokens = try readAddedTokens()
        let builder = try readModel(model, addedTokens)
        return ByteLevelBPE(
            vocabulary: builder.vocabulary, merges: builder.merges, pipeline: pipeline, addedTokens: addedTokens,
            special: try readSpecialTokens(addedTokens, count: builder.vocabulary.count))
    }

    // MARK: Model

    private func readModel(_ model: JSONNode, _ addedTokens: [AddedToken]) throws(TokenizerError) -> VocabularyBuilder {
        guard let members = model["vocab"]?.members else { throw missing("model.vocab") }
        guard let merges = model["merges"]?.elements else { throw missing("model.merges") }
        var entries: [(id: TokenID, name: JSONNode)] = []
        for member in members { entries.append((try tokenID(member.value, place: "model.vocab"), member.name)) }
        let highest = max(entries.map(\.id).max() ?? -1, addedTokens.map(\.id).max() ?? -1)
        var builder = try VocabularyBuilder(
            path: path, tokenCount: Int(highest) + 1, mergeCount: merges.reduce(0) { count, _ in count + 1 })
        for entry in entries {
            _ = try entry.name.withStringBytes { (bytes) throws(TokenizerError) in
                guard builder.vocabulary.kind(of: entry.id) == .absent else {
                    throw bad("model.vocab", "gives the id \(entry.id) to two entries")
                }
                try builder.setEntry(entry.id, spelled: bytes)
            }
        }
        // With a piece for each byte nothing is unknown, and it does not matter what the unknown is called.
        if !(model["unk_token"]?.isNull ?? true), builder.vocabulary.singleBytePieces().contains(-1) {
            throw unsupported("model BPE without all bytes but with", "unk_token")
        }
        for token in addedTokens { try builder.setLiteral(token.id, text: token.text) }
        for (index, merge) in merges.enumerated() { try readMerge(merge, index, into: &builder) }
        return builder
    }

    /// Refuses the variants of BPE that byte-level vocabularies do not use.
    private func checkVariant(of model: JSONNode) throws(TokenizerError) {
        // Files from before 2021 leave the type out; only BPE has merges.
        let type = model["type"]?.string ?? (model["merges"] == nil ? "without a type" : "BPE")
        guard type == "BPE" else { throw unsupported("model", type) }
        if model["byte_fallback"]?.bool == true { throw unsupported("model BPE with", "byte_fallback") }
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] where !(model[name]?.string ?? "").isEmpty {
            throw unsupported("model BPE with", name)
        }
        if !(model["dropout"]?.isNull ?? true) { throw unsupported("model BPE with", "dropout") }
    }

    private func readMerge(
        _ merge: JSONNode, _ index: Int, into builder: inout VocabularyBuilder
    ) throws(TokenizerError) {
        let place = { "model.merges[\(index)]" }
        guard var parts = merge.elements else {
            let line: Void? = try merge.withStringBytes { (line) throws(TokenizerError) in
                try builder.addMerge(line: line, place: place())
            }
            guard line != nil else { throw bad(place(), "should be a pair of entries") }
            return
        }
        guard let left = parts.next(), let right = parts.next(), parts.next() == nil else {
            throw bad(place(), "should have two parts, a pair of entries")
        }
        let pair: Void?? = try left.withStringBytes { (left) throws(TokenizerError) in
            try right.withStringBytes { (right) throws(TokenizerError) in
                try builder.addMerge(left, right, place: place())
            }
        }
        guard case .some(.some) = pair else { throw bad(place(), "should be a pair of strings") }
    }

    // MARK: Added tokens

    private func readAddedTokens() throws(TokenizerError) -> [AddedToken] {
        guard let list = root["added_tokens"], !list.isNull else { return [] }
        guard let elements = list.elements else { throw missing("added_tokens") }
        var tokens: [AddedToken] = []
        for (index, element) in elements.enumerated() {
            let place = "added_tokens[\(index)]"
            guard let text = element["content"]?.string, let id = element["id"] else {
                throw bad(place, "should have an id and a content")
            }
            let isSpecial = element["special"]?.bool ?? false
            var token = AddedToken(id: try tokenID(id, place: place), text: text, isSpecial: isSpecial)
            token.isNormalized = element["normalized"]?.bool ?? !isSpecial
            token.stripsLeft = element["lstrip"]?.bool ?? false
            token.stripsRight = element["rstrip"]?.bool ?? false
            token.isSingleWord = element["single_word"]?.bool ?? false
            tokens.append(token)
        }
        return tokens
    }

    private func readSpecialTokens(
        _ addedTokens: [AddedToken], count: Int
    ) throws(TokenizerError) -> ByteLevelBPE.SpecialTokens {
        var special = ByteLevelBPE.SpecialTokens()
        (special.before, special.after) = try TemplateJSONReader(path: path, count: count).read(root["post_processor"])
        special.bos = namedToken("bos_token", addedTokens) ?? (special.before.count == 1 ? special.before[0] : nil)
        special.eos = namedToken("eos_token", addedTokens)
        return special
    }

    /// The token that `tokenizer_config.json` gives a part by its text: a string, or an object with a `content`.
    private func namedToken(_ key: String, _ addedTokens: [AddedToken]) -> TokenID? {
        guard let node = configuration?[key], let text = node.string ?? node["content"]?.string else { return nil }
        return addedTokens.first { $0.text.utf8.elementsEqual(text.utf8) }?.id
    }

    // MARK: Errors

    private func tokenID(_ node: JSONNode, place: String) throws(TokenizerError) -> TokenID {
        guard let id = node.int, (0..<Vocabulary.mostEntries).contains(id) else {
            throw bad(place, "has an id that is not an integer from 0 to \(Vocabulary.mostEntries - 1)")
        }
        return TokenID(id)
    }
}
