import TopsailCatalog
import TopsailModel

/// Says in words what a neuron reacts to.
public protocol NeuronExplainer {
    /// Under which explanations are stored; never `human`.
    var source: String { get }

    /// - Returns: `nil` for a neuron about which nothing can be said.
    /// - Throws: `AskingError.unreadableAnswer` when this one neuron could not be explained; anything else ends the run.
    func explain(_ evidence: NeuronEvidence) throws -> NeuronExplanation?
}

/// Asks a language model.
public struct ModelExplainer: NeuronExplainer {
    public let source: String
    private let model: any AskableModel
    private let prompt = ExplanationPrompt()
    static let longestAnswer = 48

    /// - Parameter kind: `model` or `endpoint`; the model's name follows it.
    public init(_ model: any AskableModel, kind: String) {
        self.model = model
        source = "\(kind):\(model.name)"
    }

    public func explain(_ evidence: NeuronEvidence) throws -> NeuronExplanation? {
        guard !evidence.strong.isEmpty else { return nil }
        let answer = try model.answer(
            prompt.messages(evidence), maxTokens: Self.longestAnswer, probabilities: false)
        return NeuronExplanation(
            source: source, text: try ExplanationAnswer.text(answer.text),
            details: """
                Written by \(model.name) from \(min(evidence.strong.count, prompt.strong)) strong, \
                \(min(evidence.weak.count, prompt.weak)) weak and \(min(evidence.silent.count, prompt.silent)) silent \
                excerpts.
                """)
    }

    /// Tokens that asking would send.
    public func tokensToSend(_ evidence: NeuronEvidence) throws -> Int {
        try model.tokenCount(prompt.messages(evidence))
    }
}
