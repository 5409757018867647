import TopsailCore

/// Reads what the `post_processor` of a `tokenizer.json` puts around a text.
struct PostProcessorReader: TokenizerFileReader {
    typealias Around = (before: [TokenID], after: [TokenID])

    let path: String
    /// One more than the highest id of the vocabulary.
    let count: Int

    func read(_ node: JSONNode?, place: String = "post_processor") throws(TokenizerError) -> Around {
        guard let node, !node.isNull else { return ([], []) }
        switch try type(of: node, place) {
        // Only moves offsets, which nobody here asks for.
        case "ByteLevel": return ([], [])
        case "TemplateProcessing": return try readTemplate(node, place)
        case "RobertaProcessing", "BertProcessing":
            return ([try pairedID(node, "cls", place)], [try pairedID(node, "sep", place)])
        case "Sequence":
            var result: Around = ([], [])
            for (index, part) in try elements(node, "processors", place).enumerated() {
                // Each processor wraps what the one before has made.
                let (before, after) = try read(part, place: "\(place).processors[\(index)]")
                result = (before + result.before, result.after + after)
            }
            return result
        case let name: throw unsupported(place, name)
        }
    }

    private func readTemplate(_ node: JSONNode, _ place: String) throws(TokenizerError) -> Around {
        var result: Around = ([], [])
        var isPastText = false
        for item in try elements(node, "single", place) {
            if let sequence = item["Sequence"] {
                guard !isPastText, sequence["id"]?.string ?? "A" == "A" else {
                    throw unsupported("\(place).single", "with more than one text")
                }
                isPastText = true
                continue
            }
            let ids = try specialTokens(of: item, in: node, place)
            if isPastText { result.after += ids } else { result.before += ids }
        }
        return result
    }

    /// The ids that an item of the template stands for.
    private func specialTokens(
        of item: JSONNode, in template: JSONNode, _ place: String
    ) throws(TokenizerError) -> [TokenID] {
        guard let name = item["SpecialToken"]?["id"]?.string,
            let ids = template["special_tokens"]?[name]?["ids"]?.elements
        else { throw missing("\(place).special_tokens") }
        return try ids.map { (id) throws(TokenizerError) in try tokenID(id, "\(place).special_tokens") }
    }

    /// The id in a pair like `["<s>", 0]`.
    private func pairedID(_ node: JSONNode, _ key: String, _ place: String) throws(TokenizerError) -> TokenID {
        guard let pair = node[key]?.elements.map(Array.init), pair.count == 2 else { throw missing("\(place).\(key)") }
        return try tokenID(pair[1], "\(place).\(key)")
    }

    private func tokenID(_ node: JSONNode, _ place: String) throws(TokenizerError) -> TokenID {
        guard let id = node.int, (0..<count).contains(id) else {
            throw bad(place, "names a token outside the vocabulary")
        }
        return TokenID(id)
    }
}
