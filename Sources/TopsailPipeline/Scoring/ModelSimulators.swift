import TopsailModel

/// A simulator that reads a model's probabilities for all parts in one pass, all at once: the answer it is shown has a gap
/// behind each part (Bills et al. 2023).
public final class GapSimulator: ActivationSimulator {
    private let model: any GapFillingModel
    /// Tokenizers that cut “10” in two can be asked for 0 to 9 in one token.
    private let highest: Int

    public init(_ model: any GapFillingModel) {
        self.model = model
        highest = model.isOneToken("10") ? 10 : 9
    }

    public var name: String { model.name }
    public var cost: AskingCost { model.cost }

    public func simulate(
        _ explanation: TestedExplanation, _ passages: [Passage], grain: SimulationGrain
    ) throws -> [[Double]?] {
        let prompt = SimulationPrompt(grain: grain, highest: highest)
        let messages = [
            ChatMessage(role: "system", content: prompt.task),
            ChatMessage(role: "user", content: prompt.question(SimulationPrompt.exampleExplanation)),
            ChatMessage(role: "assistant", content: GapAnswer.example(prompt.example)),
            ChatMessage(role: "user", content: prompt.question(explanation.text)),
        ]
        let values = grain == .tokens ? Array(0...highest) : [0, 1]
        let probabilities = try model.fill(
            GapAnswer.pieces(passages), after: messages, options: values.map(String.init))
        let scale = grain == .tokens ? 10 / Double(highest) : 1
        var expected = probabilities.map { zip(values, $0).reduce(0) { $0 + Double($1.0) * $1.1 } * scale }[...]
        return passages.map { passage in
            let own = expected.prefix(passage.parts.count)
            expected = expected.dropFirst(own.count)
            return Array(own)
        }
    }
}

/// A simulator that lets a model write a value behind the number of each part; where the server tells probabilities, the
/// expected value counts.
public final class WritingSimulator: ActivationSimulator {
    private let model: any AskableModel
    /// Tokens of one line of an answer.
    private static let tokensPerLine = 8

    public init(_ model: any AskableModel) { self.model = model }

    public var name: String { model.name }
    public var cost: AskingCost { model.cost }

    public func simulate(
        _ explanation: TestedExplanation, _ passages: [Passage], grain: SimulationGrain
    ) throws -> [[Double]?] {
        let prompt = SimulationPrompt(grain: grain, highest: ActivationLevel.highest)
        let count = passages.reduce(0) { $0 + $1.parts.count }
        let messages = [
            ChatMessage(
                role: "system",
                content: prompt.task + " Answer with one line for each number: the number, a tab, the value."),
            ChatMessage(
                role: "user",
                content: prompt.question(SimulationPrompt.exampleExplanation) + "\n"
                    + NumberedAnswer.list(prompt.example.map(\.text))),
            ChatMessage(role: "assistant", content: NumberedAnswer.values(prompt.example.map(\.value))),
            ChatMessage(
                role: "user", content: prompt.question(explanation.text) + "\n" + NumberedAnswer.list(passages)),
        ]
        let answer: ModelAnswer
        do {
            answer = try model.answer(
                messages, maxTokens: 16 + Self.tokensPerLine * count, probabilities: true)
        } catch AskingError.unreadableAnswer {
            return passages.map { _ in nil }
        }
        var values = NumberedAnswer.read(
            answer, count: count, highest: grain == .tokens ? ActivationLevel.highest : 1)[...]
        return passages.map { passage in
            let own = values.prefix(passage.parts.count)
            values = values.dropFirst(own.count)
            return own.contains(nil) ? nil : own.map { $0! }
        }
    }
}
