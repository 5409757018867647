import TopsailCore

/// What a `tokenizer_config.json` says. Clean-up of spaces is for reading and is left out.
struct TokenizerConfiguration: TokenizerFileReader {
    let path: String
    let root: JSONNode

    /// The name of the class that reads these files in `transformers`, without `Fast`.
    var className: String? {
        guard let name = root["tokenizer_class"]?.string else { return nil }
        return name.hasSuffix("Fast") ? String(name.dropLast(4)) : name
    }

    func flag(_ key: String) -> Bool? { root[key]?.bool }

    /// The text of a token that plays a part: given as it is, or in an object with a `content`.
    func text(_ key: String) -> String? { root[key]?.string ?? root[key]?["content"]?.string }

    /// The token that plays a part.
    func token(_ key: String, _ vocabulary: Vocabulary, _ addedTokens: [AddedToken]) -> TokenID? {
        guard let text = text(key) else { return nil }
        return addedTokens.last { $0.text.utf8.elementsEqual(text.utf8) }?.id ?? vocabulary.piece(text.utf8)
    }

    /// The tokens under `added_tokens_decoder`, by id.
    func addedTokens() throws(TokenizerError) -> [AddedToken] {
        guard let members = root["added_tokens_decoder"]?.members else { return [] }
        var tokens: [AddedToken] = []
        for (name, node) in members {
            let place = "added_tokens_decoder.\(name.string ?? "")"
            guard let id = name.string.flatMap(Int.init), (0..<Vocabulary.mostEntries).contains(id) else {
                throw bad(place, "has an id that is not an integer from 0 to \(Vocabulary.mostEntries - 1)")
            }
            let token = try AddedTokenReader(path: path).read(node, id: TokenID(id), place: place)
            if !token.text.isEmpty { tokens.append(token) }
        }
        return tokens.sorted { $0.id < $1.id }
    }
}
