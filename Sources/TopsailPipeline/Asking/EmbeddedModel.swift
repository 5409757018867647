import Foundation
import TopsailCore
import TopsailModel

/// A model of our own that answers messages and fills gaps.
///
/// A prefix shared with the question before is not computed again; the cost counts it as sent all the same, as a server
/// would.
public final class EmbeddedModel: GapFillingModel {
    public let name: String
    public private(set) var cost = AskingCost()
    private let model: LanguageModel
    private let session: ModelSession
    private let isCancelled: () -> Bool

    /// - Parameter name: As scores name it; the file's name is better known than what the file says.
    /// - Throws: `ModelError` when the model cannot read text or has no chat template.
    public init(
        _ model: LanguageModel, name: String, precision: Precision = .fast,
        isCancelled: @escaping () -> Bool = { false }
    ) throws {
        try model.requireTokenizer()
        _ = try model.requireChatTemplate()
        self.name = name
        self.model = model
        self.isCancelled = isCancelled
        session = ModelSession(model, precision: precision, capacity: 8192)
    }

    /// One line; its probabilities are not told: gaps are there for that.
    public func answer(_ messages: [ChatMessage], maxTokens: Int, probabilities: Bool) throws -> ModelAnswer {
        let start = ContinuousClock.now
        let prompt = try model.encode(messages: messages, addGenerationPrompt: true)
        var sampler = Sampler(SamplingOptions(repetitionPenalty: 1.1), seed: 1)
        let tokens = try session.generate(
            after: prompt, limits: GenerationLimits(maxTokens: maxTokens, stopStrings: ["\n"]), sampler: &sampler,
            isCancelled: isCancelled)
        count(sent: prompt.count, received: tokens.count, since: start)
        let spoken = tokens.filter { !model.endTokens.contains($0) }
        return ModelAnswer(text: model.tokenizer.decode(spoken))
    }

    public func fill(
        _ answer: [AnswerPiece], after messages: [ChatMessage], options: [String]
    ) throws -> [[Double]] {
        let start = ContinuousClock.now
        var tokens = try model.encode(messages: messages, addGenerationPrompt: true)
        var gaps: [Int] = []
        for piece in answer {
            switch piece {
            case .text(let text): tokens += plain(text)
            case .gap(let shown):
                gaps.append(tokens.count - 1)
                tokens += plain(shown)
            }
        }
        // What stands after the last gap cannot matter to it.
        if let last = gaps.last { tokens.removeSubrange((last + 1)...) }
        let choices = try options.map { option in
            guard let first = plain(option).first else { throw AskingError.cannotFillGaps(model: name) }
            return first
        }
        let logits = try session.choiceLogits(tokens, at: gaps, among: choices, isCancelled: isCancelled)
        count(sent: tokens.count, received: 0, since: start)
        return logits.map(Self.softmax)
    }

    public func isOneToken(_ text: String) -> Bool { plain(text).count == 1 }

    public func tokenCount(_ messages: [ChatMessage]) throws -> Int {
        try model.encode(messages: messages, addGenerationPrompt: true).count
    }

    /// A piece in the middle of a text. Some tokenizers put a space in front of whatever they read.
    private func plain(_ text: String) -> [TokenID] {
        model.tokenizer.encode(text, addSpecial: false, parseSpecial: false)
    }

    private func count(sent: Int, received: Int, since start: ContinuousClock.Instant) {
        cost.calls += 1
        cost.tokensSent += sent
        cost.tokensReceived += received
        let elapsed = (ContinuousClock.now - start).components
        cost.seconds += Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }

    private static func softmax(_ logits: [Float]) -> [Double] {
        let best = logits.max() ?? 0
        let weights = logits.map { exp(Double($0 - best)) }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }
}
