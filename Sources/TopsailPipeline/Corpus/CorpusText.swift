/// One text of a corpus.
public struct CorpusText: Sendable, Hashable, Codable, Identifiable {
    /// Unique within the corpus and stable.
    public var id: String
    /// Slug of what it is about.
    public var topic: String
    public var kind: CorpusKind
    /// The message that `text` answers; `nil` for openings.
    public var prompt: String?
    /// For an instruction the answer alone, for an opening all of it.
    public var text: String

    public init(id: String, topic: String, kind: CorpusKind, prompt: String? = nil, text: String) {
        self.id = id
        self.topic = topic
        self.kind = kind
        self.prompt = prompt
        self.text = text
    }
}
