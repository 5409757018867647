import TopsailCore
import TopsailTensor

extension ModelSession {
    /// Continues `prompt` token by token.
    ///
    /// - Parameters:
    ///   - maxTokens: Tokens at most; generation also ends at the model's end-of-turn token and at a full context.
    ///   - hooks: See the prompt's new rows, then each generated token's row once it has been read.
    ///   - onToken: Called with each token before it is read; `false` ends the generation.
    /// - Returns: The generated tokens, the ending one included.
    @discardableResult
    public func generate(
        after prompt: [TokenID], maxTokens: Int, sampler: inout Sampler, hooks: HookSet = .none,
        stopAtEnd: Bool = true, isCancelled: () -> Bool = { false }, onToken: (TokenID) throws -> Bool = { _ in true }
    ) throws -> [TokenID] {
        var generated: [TokenID] = []
        var logits = try read(prompt, hooks: hooks, logits: .last, isCancelled: isCancelled).takeLogits()
        while generated.count < maxTokens {
            let history = tokens(slot: 0)[...]
            let token = sampler.next(logits.pointer, count: logits.columns, history: history)
            generated.append(token)
            guard try onToken(token) else { break }
            if stopAtEnd, model.endTokens.contains(token) { break }
            if tokens(slot: 0).count == capacity { break }
            logits = try append([[token]], slots: [0], hooks: hooks, logits: .last, isCancelled: isCancelled)
        }
        return generated
    }
}

extension ReadResult {
    /// The logits, leaving the rest behind.
    public consuming func takeLogits() -> FloatMatrix { logits }
}
