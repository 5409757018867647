import TopsailModel

/// A language model that answers messages: one of our own, or one behind an endpoint.
public protocol AskableModel: AnyObject {
    /// As explanations and scores name it.
    var name: String { get }
    /// What asking took so far.
    var cost: AskingCost { get }

    /// The answer to a conversation.
    ///
    /// - Parameter probabilities: Whether the likeliest tokens of each place are wanted; not every server tells them.
    /// - Throws: `AskingError.unreadableAnswer` for an answer that is of no use, which only concerns this question;
    ///   anything else ends the run.
    func answer(_ messages: [ChatMessage], maxTokens: Int, probabilities: Bool) throws -> ModelAnswer

    /// Tokens of a conversation; an estimate where the tokenizer is not known.
    func tokenCount(_ messages: [ChatMessage]) throws -> Int
}

/// An answer, and where they are known the tokens that could have stood in it.
public struct ModelAnswer: Sendable, Hashable {
    public struct Token: Sendable, Hashable {
        public var text: String
        /// The likeliest tokens in this place, the chosen one among them, with the natural logarithms of their
        /// probabilities.
        public var alternatives: [Alternative]

        public init(text: String, alternatives: [Alternative]) {
            self.text = text
            self.alternatives = alternatives
        }
    }

    public struct Alternative: Sendable, Hashable {
        public var text: String
        public var logProbability: Double

        public init(text: String, logProbability: Double) {
            self.text = text
            self.logProbability = logProbability
        }
    }

    public var text: String
    /// Empty where probabilities are not known.
    public var tokens: [Token] = []

    public init(text: String, tokens: [Token] = []) {
        self.text = text
        self.tokens = tokens
    }
}

/// A model that can be shown an answer with gaps, and says in one pass what it would put into each.
public protocol GapFillingModel: AskableModel {
    /// The probability of each option for each gap, renormalised over the options, `[gaps][options]`.
    ///
    /// - Parameters:
    ///   - answer: The beginning of the assistant's answer, gaps included.
    ///   - options: Each is told from the others by its first token.
    func fill(_ answer: [AnswerPiece], after messages: [ChatMessage], options: [String]) throws -> [[Double]]

    /// Whether a text is one token, as an option has to be to be told from others that begin like it.
    func isOneToken(_ text: String) -> Bool
}

/// A part of an answer that a model is shown.
public enum AnswerPiece: Sendable, Hashable {
    case text(String)
    /// A place where the model is to choose; the word stands there in what it goes on to read.
    case gap(shown: String)
}
