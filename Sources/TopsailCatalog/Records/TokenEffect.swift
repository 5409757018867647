import TopsailCore

/// What one unit of a neuron's direction adds to the logit of one token.
public struct TokenEffect: Sendable, Hashable {
    /// The token's number in the model's vocabulary; `-1` where only its text is known.
    public var token: TokenID
    /// Logit difference for an activation of one.
    public var value: Float
    /// What the token says, where the effects were imported as texts; else `nil`, and the model's tokenizer knows.
    public var text: String?

    public init(token: TokenID, value: Float) {
        self.token = token
        self.value = value
    }

    public init(text: String, value: Float) {
        self.token = -1
        self.value = value
        self.text = text
    }
}

/// The tokens that a neuron promotes and suppresses most (`W_dec · W_U`).
public struct LogitEffects: Sendable, Hashable {
    /// By falling effect.
    public var top: [TokenEffect]
    /// By rising effect.
    public var bottom: [TokenEffect]

    public init(top: [TokenEffect] = [], bottom: [TokenEffect] = []) {
        self.top = top
        self.bottom = bottom
    }
}
