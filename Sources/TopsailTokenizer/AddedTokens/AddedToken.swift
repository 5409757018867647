import TopsailCore

/// A token that is matched whole in the text, before any splitting and merging.
package struct AddedToken: Sendable, Hashable {
    package var id: TokenID
    package var text: String
    /// Controls the model; read as such only when the caller asks for it.
    package var isSpecial: Bool
    /// Matched in normalised text, after those that are not have been taken out.
    package var isNormalized = false
    /// What is looked for in normalised text; the token's own text, normalised, unless the vocabulary says otherwise.
    package var normalizedText: [UInt8]?
    /// Takes the white space before it, or after it, along.
    package var stripsLeft = false
    package var stripsRight = false
    /// Matched only where neither neighbour is part of a word.
    package var isSingleWord = false

    package init(id: TokenID, text: String, isSpecial: Bool) {
        self.id = id
        self.text = text
        self.isSpecial = isSpecial
    }
}
