import TopsailCore

/// Text to tokens and back, for one model's vocabulary.
public protocol TextTokenizer: Sendable {
    /// One more than the highest id. Ids without an entry count; a model's embedding may have further, unused rows.
    var vocabularySize: Int { get }
    /// The token that stands at the start of a text, where the vocabulary names one.
    var bos: TokenID? { get }
    /// The token that ends a text, where the vocabulary names one.
    var eos: TokenID? { get }

    /// The tokens of a text.
    ///
    /// - Parameters:
    ///   - text: Any text; it is neither trimmed nor changed beyond the normalisation that the vocabulary asks for.
    ///   - addSpecial: Adds what the tokenizer itself puts around a text, usually BOS or nothing. A rendered chat
    ///     template has its own.
    ///   - parseSpecial: Reads `<|im_start|>` and the like as the special tokens they spell; otherwise they are
    ///     ordinary text, as input from outside should be. Added tokens that are not special are matched either way.
    /// - Complexity: About linear in the length of the text.
    func encode(_ text: String, addSpecial: Bool, parseSpecial: Bool) -> [TokenID]

    /// The tokens of a text as it stands, without special ones, until there are more than `limit`: that is enough to know that a text
    /// is too long.
    func encode(_ text: String, limit: Int) -> [TokenID]

    /// The text that tokens stand for, special tokens included as they are spelled.
    ///
    /// Bytes that are not UTF-8, as at a cut through a character, become U+FFFD. Ids without an entry are left out.
    func decode(_ ids: [TokenID]) -> String

    /// The bytes one token stands for, often less than a whole character; empty for an id without an entry.
    func bytes(of id: TokenID) -> [UInt8]

    /// The text of one token by itself, bytes that are not UTF-8 as U+FFFD.
    func text(of id: TokenID) -> String

    /// Whether the token controls the model rather than standing for text.
    func isSpecial(_ id: TokenID) -> Bool

    /// The special or added token that is spelled exactly so, e.g. `<|im_end|>`.
    func addedToken(_ text: String) -> TokenID?
}

extension TextTokenizer {
    public func encode(_ text: String, limit: Int) -> [TokenID] {
        encode(text, addSpecial: false, parseSpecial: false)
    }

    public func text(of id: TokenID) -> String { String(decoding: bytes(of: id), as: UTF8.self) }
}
