/// What asking a model took.
public struct AskingCost: Sendable, Hashable, Codable {
    /// Questions that were sent; one text read in one go for a model of our own.
    public var calls = 0
    /// Questions whose answer was known from an earlier run.
    public var cachedCalls = 0
    /// Tokens of those, sent and received.
    public var cachedTokens = 0
    /// Tokens of all questions, with what is repeated from one to the next.
    public var tokensSent = 0
    /// Tokens of all answers.
    public var tokensReceived = 0
    public var seconds = 0.0

    public init() {}

    public var tokens: Int { tokensSent + tokensReceived }

    public static func + (a: AskingCost, b: AskingCost) -> AskingCost {
        var sum = a
        sum.calls += b.calls
        sum.cachedCalls += b.cachedCalls
        sum.cachedTokens += b.cachedTokens
        sum.tokensSent += b.tokensSent
        sum.tokensReceived += b.tokensReceived
        sum.seconds += b.seconds
        return sum
    }

    public static func - (a: AskingCost, b: AskingCost) -> AskingCost {
        var difference = a
        difference.calls -= b.calls
        difference.cachedCalls -= b.cachedCalls
        difference.cachedTokens -= b.cachedTokens
        difference.tokensSent -= b.tokensSent
        difference.tokensReceived -= b.tokensReceived
        difference.seconds -= b.seconds
        return difference
    }
}
