import TopsailModel

/// How a model writes its own corpus.
public struct SynthesisOptions: Sendable, Hashable, Codable {
    /// Tokens of kept text to reach.
    public var targetTokens: Int
    /// Fixes every text, on CPUs that compute alike.
    public var seed: UInt64
    public var precision: Precision
    /// Temperatures, one a round in turn.
    public var temperatures: [Float]
    /// Repetition penalties, one a round in turn.
    public var repetitionPenalties: [Float]
    public var topP: Float
    public var topK: Int
    /// New tokens of a text at most, drawn evenly from here …
    public var shortestLimit: Int
    /// … to here, so that texts do not all end at one place.
    public var longestLimit: Int
    /// Times that each seed is used at most.
    public var rounds: Int

    public init(
        targetTokens: Int = 1_500_000, seed: UInt64 = 1, precision: Precision = .fast,
        temperatures: [Float] = [0.8, 0.9, 1.0], repetitionPenalties: [Float] = [1.05, 1.1], topP: Float = 0.95,
        topK: Int = 50, shortestLimit: Int = 200, longestLimit: Int = 320, rounds: Int = 64
    ) {
        self.targetTokens = targetTokens
        self.seed = seed
        self.precision = precision
        self.temperatures = temperatures
        self.repetitionPenalties = repetitionPenalties
        self.topP = topP
        self.topK = topK
        self.shortestLimit = shortestLimit
        self.longestLimit = longestLimit
        self.rounds = rounds
    }

    private enum CodingKeys: String, CodingKey {
        case seed, precision, temperatures, rounds
        case targetTokens = "target_tokens"
        case repetitionPenalties = "repetition_penalties"
        case topP = "top_p"
        case topK = "top_k"
        case shortestLimit = "shortest_limit"
        case longestLimit = "longest_limit"
    }
}
