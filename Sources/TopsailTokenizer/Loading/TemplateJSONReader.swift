import TopsailCore

/// Reads what a `post_processor` puts around a text.
struct TemplateJSONReader: TokenizerFileReader {
    let path: String
    /// One more than the highest id of the vocabulary.
    let count: Int

    func read(_ node: JSONNode?) throws(TokenizerError) -> (before: [TokenID], after: [TokenID]) {
        guard let node, !node.isNull else { return ([], []) }
        switch node["type"]?.string ?? "without a type" {
        // Only moves offsets, which nobody here asks for.
        case "ByteLevel": return ([], [])
        case "TemplateProcessing": return try readTemplate(node)
        case "Sequence":
            guard let parts = node["processors"]?.elements else { throw missing("post_processor.processors") }
            var result: (before: [TokenID], after: [TokenID]) = ([], [])
            for part in parts {
                // Each processor wraps what the one before has made.
                let (before, after) = try read(part)
                result = (before + result.before, result.after + after)
            }
            return result
        case let name: throw unsupported("post_processor", name)
        }
    }

    private func readTemplate(_ node: JSONNode) throws(TokenizerError) -> (before: [TokenID], after: [TokenID]) {
        guard let items = node["single"]?.elements else { throw missing("post_processor.single") }
        var result: (before: [TokenID], after: [TokenID]) = ([], [])
        var isPastText = false
        for item in items {
            if item["Sequence"] != nil {
                isPastText = true
                continue
            }
            let ids = try specialTokens(of: item, in: node)
            if isPastText { result.after += ids } else { result.before += ids }
        }
        return result
    }

    /// The ids that an item of the template stands for.
    private func specialTokens(of item: JSONNode, in template: JSONNode) throws(TokenizerError) -> [TokenID] {
        guard let name = item["SpecialToken"]?["id"]?.string,
            let ids = template["special_tokens"]?[name]?["ids"]?.elements
        else { throw missing("post_processor.special_tokens") }
        return try ids.map { (id) throws(TokenizerError) in
            guard let id = id.int, (0..<count).contains(id) else {
                throw bad("post_processor.special_tokens", "names a token outside the vocabulary")
            }
            return TokenID(id)
        }
    }
}
