import TopsailCore

/// Reads a Hugging Face `tokenizer.json`.
///
/// Source: the `tokenizers` library's serialised form. Truncation and padding are for batches and are left alone.
struct TokenizerJSONReader: TokenizerFileReader {
    let path: String
    let root: JSONNode
    let configuration: TokenizerConfiguration?

    func read() throws(TokenizerError) -> PipelineTokenizer {
        var pipeline = PipelineTokenizer.Pipeline()
        pipeline.normalizer = try NormalizerReader(path: path).read(root["normalizer"])
        pipeline.preTokenizer = try PreTokenizerReader(path: path).read(root["pre_tokenizer"])
        pipeline.decoder = try DecoderReader(path: path).read(root["decoder"])
        guard let node = root["model"], node.kind == .object else { throw missing("model") }
        var addedTokens = try readAddedTokens()
        let model = try readModel(node, &addedTokens)
        return PipelineTokenizer(
            model: model, pipeline: pipeline, addedTokens: addedTokens,
            special: try specialTokens(addedTokens, model.vocabulary))
    }

    private func readModel(_ node: JSONNode, _ addedTokens: inout [AddedToken]) throws(TokenizerError) -> TokenModel {
        // Files from before 2021 leave the type out; only BPE has merges.
        switch node["type"]?.string ?? (node["merges"] == nil ? "without a type" : "BPE") {
        case "BPE": return .bpe(try BPEModelReader(path: path, node: node).read(&addedTokens))
        case "Unigram": return .unigram(try UnigramModelReader(path: path, node: node).read(&addedTokens))
        case let name: throw unsupported("model", name)
        }
    }

    private func readAddedTokens() throws(TokenizerError) -> [AddedToken] {
        guard let list = root["added_tokens"], !list.isNull else { return [] }
        guard let elements = list.elements else { throw missing("added_tokens") }
        var tokens: [AddedToken] = []
        for (index, element) in elements.enumerated() {
            let place = "added_tokens[\(index)]"
            guard let id = element["id"] else { throw bad(place, "should have an id and a content") }
            let token = try AddedTokenReader(path: path).read(
                element, id: try tokenID(id, place: place), place: place)
            // The reference passes over those without a text.
            if !token.text.isEmpty { tokens.append(token) }
        }
        return tokens
    }

    private func specialTokens(
        _ addedTokens: [AddedToken], _ vocabulary: Vocabulary
    ) throws(TokenizerError) -> PipelineTokenizer.SpecialTokens {
        var special = PipelineTokenizer.SpecialTokens()
        (special.before, special.after) =
            try PostProcessorReader(path: path, count: vocabulary.count).read(root["post_processor"])
        special.bos =
            configuration?.token("bos_token", vocabulary, addedTokens)
            ?? (special.before.count == 1 ? special.before[0] : nil)
        special.eos = configuration?.token("eos_token", vocabulary, addedTokens)
        return special
    }
}
