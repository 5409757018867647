import TopsailCore

/// Who put a token into a text that a model reads.
public enum TokenOrigin: Sendable, Hashable {
    /// A person or a corpus.
    case prompt
    /// The chat template: roles, turn marks, the model's own system message.
    case template
    /// The model.
    case answer
}

/// A text as a model reads it: its tokens, and which of them statistics are taken over.
public struct ReadableText: Sendable, Hashable {
    public var tokens: [TokenID]
    /// One for each token.
    public var origins: [TokenOrigin]
    /// One for each token. `false` for special tokens, what the template wrote, and the first token, whose
    /// activations are attention-sink outliers.
    public var isCounted: [Bool]

    /// - Parameter isSpecial: Whether a token controls the model rather than standing for text.
    public init(tokens: [TokenID], origins: [TokenOrigin], isSpecial: (TokenID) -> Bool) {
        precondition(tokens.count == origins.count, "each token comes from somewhere")
        self.tokens = tokens
        self.origins = origins
        isCounted = tokens.indices.map { $0 > 0 && origins[$0] != .template && !isSpecial(tokens[$0]) }
    }

    /// Adds tokens at the end.
    public mutating func append(_ more: [TokenID], origin: TokenOrigin, isSpecial: (TokenID) -> Bool) {
        self = ReadableText(
            tokens: tokens + more, origins: origins + Array(repeating: origin, count: more.count), isSpecial: isSpecial)
    }

    public var count: Int { tokens.count }
    public var countedTokens: Int { isCounted.count { $0 } }
}
