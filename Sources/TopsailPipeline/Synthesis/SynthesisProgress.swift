/// How far a synthesis is.
public struct SynthesisProgress: Sendable, Hashable {
    public var documents: Int
    public var rejected: Int
    /// Tokens of kept text.
    public var tokens: Int
    public var targetTokens: Int
    /// Sampled tokens a second in this run, kept or not.
    public var tokensPerSecond: Double
    /// At the rate so far; `nil` before there is one.
    public var secondsLeft: Double?
}
