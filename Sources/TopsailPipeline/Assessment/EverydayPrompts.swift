/// Prompts without any concept of the taxonomy.
public enum EverydayPrompts {
    private struct Line: Decodable {
        var text: String
        var topic: String?
    }

    /// Topics of a corpus that are no concept's.
    private static let generalTopic = "general"

    /// Reads JSON Lines with a `text`; lines with a `topic` count only where it is a general one.
    ///
    /// - Throws: `PipelineError` for a line without a text, or when none is left.
    public static func load(path: String) throws -> [String] {
        let texts = try JSONLines.read(Line.self, path: path).filter { $0.topic.map(isGeneral) ?? true }.map(\.text)
        guard !texts.isEmpty else { throw PipelineError.empty(path: path, what: "everyday prompts") }
        return texts
    }

    /// The texts of a corpus that are on general topics, answers without their prompts.
    public static func documents(of texts: [CorpusText]) -> [String] {
        texts.filter { isGeneral($0.topic) }.map(\.text)
    }

    private static func isGeneral(_ topic: String) -> Bool {
        topic == generalTopic || topic.hasPrefix(generalTopic + ".")
    }
}
