import TopsailCore

/// Reads what a `post_processor` puts around a text.
struct TemplateJSONReader {
    let path: String

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
        case let name: throw TokenizerError(path: path, reason: .unsupported(component: "post_processor", name: name))
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
            guard let name = item["SpecialToken"]?["id"]?.string, let ids = node["special_tokens"]?[name]?["ids"]?.elements
            else { throw missing("post_processor.special_tokens") }
            for id in ids {
                guard let id = id.int.flatMap(TokenID.init(exactly:)) else { throw missing("post_processor.special_tokens") }
                if isPastText { result.after.append(id) } else { result.before.append(id) }
            }
        }
        return result
    }

    private func missing(_ key: String) -> TokenizerError { TokenizerError(path: path, reason: .missing(key)) }
}
