import TopsailCore

/// What one unit of a neuron's direction adds to the logit of one token.
public struct TokenEffect: Sendable, Hashable {
    public var token: TokenID
    /// Logit difference for an activation of one.
    public var value: Float

    public init(token: TokenID, value: Float) {
        self.token = token
        self.value = value
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
