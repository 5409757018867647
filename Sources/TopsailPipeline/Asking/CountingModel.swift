import TopsailModel

/// Asks nothing and counts what asking another model would take, so that a cost can be stated before it arises.
public final class CountingModel: GapFillingModel {
    public private(set) var cost = AskingCost()
    private let model: any AskableModel

    public init(_ model: any AskableModel) { self.model = model }

    public var name: String { model.name }

    /// Answers are taken to be as long as they may be.
    public func answer(_ messages: [ChatMessage], maxTokens: Int, probabilities: Bool) throws -> ModelAnswer {
        cost.calls += 1
        cost.tokensSent += try model.tokenCount(messages)
        cost.tokensReceived += maxTokens
        return ModelAnswer(text: "nothing was asked")
    }

    public func fill(
        _ answer: [AnswerPiece], after messages: [ChatMessage], options: [String]
    ) throws -> [[Double]] {
        let text = answer.map { piece in
            switch piece {
            case .text(let text): text
            case .gap(let shown): shown
            }
        }.joined()
        cost.calls += 1
        cost.tokensSent += try model.tokenCount(messages + [ChatMessage(role: "assistant", content: text)])
        let gaps = answer.count { if case .gap = $0 { true } else { false } }
        return Array(repeating: Array(repeating: 1 / Double(options.count), count: options.count), count: gaps)
    }

    public func tokenCount(_ messages: [ChatMessage]) throws -> Int { try model.tokenCount(messages) }

    public func isOneToken(_ text: String) -> Bool { (model as? any GapFillingModel)?.isOneToken(text) ?? true }
}
