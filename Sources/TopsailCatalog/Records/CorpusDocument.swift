import TopsailCore

/// One tokenised text of a corpus; contexts point into it.
public struct CorpusDocument: Sendable, Hashable {
    /// The document's number within its corpus; with the corpus' name it identifies the document.
    public var number: Int
    /// What the text is about, as its maker called it.
    public var topic: String?
    /// The whole text as the model's tokens.
    public var tokens: [TokenID]

    public init(number: Int, topic: String? = nil, tokens: [TokenID]) {
        self.number = number
        self.topic = topic
        self.tokens = tokens
    }
}

/// A text whose tokens are known by what they say and not by a model's ids: an imported context, a labelled item.
public struct TextDocument: Sendable, Hashable {
    /// What the text is about, as its maker called it.
    public var topic: String?
    /// The text, token by token, spaces included.
    public var tokens: [String]

    public init(topic: String? = nil, tokens: [String]) {
        self.topic = topic
        self.tokens = tokens
    }
}

/// The catalog's own number of a stored document.
public typealias DocumentID = Int64
