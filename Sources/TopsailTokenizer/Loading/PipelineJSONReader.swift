/// Reads normaliser, pre-tokeniser and decoder of a `tokenizer.json`, and refuses by name what is not byte-level BPE.
struct PipelineJSONReader: TokenizerFileReader {
    let path: String
    let root: JSONNode

    func read() throws(TokenizerError) -> ByteLevelBPE.Pipeline {
        var pipeline = ByteLevelBPE.Pipeline(preTokenizer: try readPreTokenizer())
        pipeline.normalizer = try readNormalizer(root["normalizer"])
        let decoder = try type(of: root["decoder"], "decoder")
        guard decoder == "ByteLevel" else { throw unsupported("decoder", decoder) }
        return pipeline
    }

    private func readNormalizer(_ node: JSONNode?) throws(TokenizerError) -> Normalizer {
        guard let node, !node.isNull else { return .none }
        switch try type(of: node, "normalizer") {
        case "NFC": return .nfc
        case "Sequence":
            guard let parts = node["normalizers"]?.elements else { throw missing("normalizer.normalizers") }
            var result = Normalizer.none
            for part in parts where try readNormalizer(part) == .nfc { result = .nfc }
            return result
        case let name: throw unsupported("normalizer", name)
        }
    }

    private func readPreTokenizer() throws(TokenizerError) -> PreTokenizer {
        var steps: [PreTokenizer.Step] = []
        var isByteLevel = false
        for node in try flattened(root["pre_tokenizer"]) {
            let name = try type(of: node, "pre_tokenizer")
            // What comes after would see the stand-ins of bytes instead of the text.
            if isByteLevel { throw unsupported("pre_tokenizer", "\(name) after ByteLevel") }
            switch name {
            case "ByteLevel":
                isByteLevel = true
                if node["add_prefix_space"]?.bool ?? true {
                    throw unsupported("pre_tokenizer ByteLevel with", "add_prefix_space")
                }
                if node["use_regex"]?.bool ?? true { steps.append(.gpt2) }
            case "Digits": steps.append(.digits(individual: node["individual_digits"]?.bool ?? false))
            case "Split": steps.append(try readSplit(node))
            default: throw unsupported("pre_tokenizer", name)
            }
        }
        guard isByteLevel else { throw unsupported("a pre_tokenizer without", "ByteLevel") }
        return PreTokenizer(steps)
    }

    /// The steps of a `Sequence`, or the one step that there is.
    private func flattened(_ node: JSONNode?) throws(TokenizerError) -> [JSONNode] {
        guard let node, !node.isNull else { return [] }
        guard try type(of: node, "pre_tokenizer") == "Sequence" else { return [node] }
        guard let parts = node["pretokenizers"]?.elements else { throw missing("pre_tokenizer.pretokenizers") }
        return Array(parts)
    }

    private func readSplit(_ node: JSONNode) throws(TokenizerError) -> PreTokenizer.Step {
        guard let pattern = node["pattern"]?["Regex"]?.string else {
            throw unsupported("pre_tokenizer Split by", node["pattern"]?["String"] == nil ? "no pattern" : "a string")
        }
        guard let step = Self.step(forRegex: pattern) else { throw unsupported("pre_tokenizer Split by", pattern) }
        // The expressions match every character, so that keeping matches apart and keeping only matches are the same.
        let behavior = node["behavior"]?.string ?? ""
        switch (behavior, node["invert"]?.bool ?? false) {
        case ("Isolated", _), ("Removed", true): return step
        default: throw unsupported("pre_tokenizer Split with behaviour", behavior)
        }
    }

    /// The splitter that does what a regular expression says; expressions are known by their text.
    private static func step(forRegex pattern: String) -> PreTokenizer.Step? {
        let words = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"#
        let symbolsAndSpace = #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        switch pattern {
        case #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: return .gpt2
        case words + #"|\p{N}{1,3}|"# + symbolsAndSpace: return .wordsAndNumbers(digits: 3)
        case words + #"|\p{N}|"# + symbolsAndSpace: return .wordsAndNumbers(digits: 1)
        default: return nil
        }
    }

    private func type(of node: JSONNode?, _ component: String) throws(TokenizerError) -> String {
        guard let type = node?["type"]?.string else { throw missing("\(component).type") }
        return type
    }
}
