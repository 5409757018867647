/// How a text comes about.
public enum CorpusKind: String, Sendable, Hashable, Codable {
    /// An answer to a user's message; the model reads it inside its chat template.
    case instruction
    /// A text that goes on from its own first words; the model reads it as it stands.
    case opening
}

/// What a text is grown from: a message to answer, or first words to continue.
public struct CorpusSeed: Sendable, Hashable, Codable {
    /// Slug of what it is about, e.g. `politics.election` or `general.cooking`.
    public var topic: String
    public var kind: CorpusKind
    public var text: String

    public init(topic: String, kind: CorpusKind, text: String) {
        self.topic = topic
        self.kind = kind
        self.text = text
    }

    /// Reads a JSON Lines file of seeds.
    ///
    /// - Throws: `PipelineError` for a line that is not a seed, or when there is none.
    public static func load(path: String) throws -> [CorpusSeed] {
        let seeds = try JSONLines.read(CorpusSeed.self, path: path)
        guard !seeds.isEmpty else { throw PipelineError.empty(path: path, what: "seeds") }
        return seeds
    }
}
