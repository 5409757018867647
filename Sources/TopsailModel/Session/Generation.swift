import TopsailCore
import TopsailTensor

/// When a generation ends by itself.
public struct GenerationLimits: Sendable {
    public var maxTokens: Int
    /// Ends at the model's end-of-text and end-of-turn tokens.
    public var stopsAtEnd = true
    /// Ends once the generated text holds one of these.
    public var stopStrings: [String] = []

    public init(maxTokens: Int, stopsAtEnd: Bool = true, stopStrings: [String] = []) {
        self.maxTokens = maxTokens
        self.stopsAtEnd = stopsAtEnd
        self.stopStrings = stopStrings
    }
}

/// A token as it was chosen, and the logits it was chosen from.
public struct GeneratedToken: ~Copyable {
    public let id: TokenID
    /// `[vocab]`, before penalties and temperature; valid while the token is being reported.
    let logits: UnsafeMutableBufferPointer<Float>

    /// The natural logarithm of the model's probability for this token.
    public var logProbability: Float { logits[Int(id)] - VectorMath.logSumExp(logits) }
}

extension ModelSession {
    /// Continues `prompt` token by token.
    ///
    /// - Parameters:
    ///   - hooks: See the prompt's new rows, then each generated token's row once it has been read.
    ///   - onToken: Called with each token before it is read; `false` ends the generation.
    /// - Returns: The generated tokens, the ending one included. Generation also ends at a full context.
    @discardableResult
    public func generate(
        after prompt: [TokenID], limits: GenerationLimits, sampler: inout Sampler, hooks: HookSet = .none,
        isCancelled: () -> Bool = { false }, onToken: (borrowing GeneratedToken) throws -> Bool = { _ in true }
    ) throws -> [TokenID] {
        var generated: [TokenID] = []
        var stop = StopStrings(limits.stopStrings, tokenizer: model.tokenizer)
        var logits = try read(prompt, hooks: hooks, logits: .last, isCancelled: isCancelled).takeLogits()
        while generated.count < limits.maxTokens {
            let token = sampler.next(logits.row(0), history: tokens(slot: 0)[...])
            generated.append(token)
            guard try onToken(GeneratedToken(id: token, logits: logits.row(0))) else { break }
            if limits.stopsAtEnd, model.endTokens.contains(token) { break }
            if stop.isReached(by: token) || tokens(slot: 0).count == capacity { break }
            logits = try append([[token]], slots: [0], hooks: hooks, logits: .last, isCancelled: isCancelled)
        }
        return generated
    }
}

extension ReadResult {
    /// The logits, leaving the rest behind.
    public consuming func takeLogits() -> FloatMatrix { logits }
}
