import TopsailCore

/// Reads the object that describes an added token.
struct AddedTokenReader: TokenizerFileReader {
    let path: String

    func read(_ node: JSONNode, id: TokenID, place: String) throws(TokenizerError) -> AddedToken {
        guard let text = node["content"]?.string else { throw bad(place, "should have an id and a content") }
        let isSpecial = try flag(node, "special", place, default: false)
        var token = AddedToken(id: id, text: text, isSpecial: isSpecial)
        token.isNormalized = try flag(node, "normalized", place, default: !isSpecial)
        token.stripsLeft = try flag(node, "lstrip", place, default: false)
        token.stripsRight = try flag(node, "rstrip", place, default: false)
        token.isSingleWord = try flag(node, "single_word", place, default: false)
        return token
    }
}
