import TopsailAnalysis

/// A prompt that tests an assessment; a line of `heldout.jsonl`.
public struct ExamPrompt: Sendable, Hashable, Codable {
    public var id: String
    public var text: String
    /// Slug of the domain; `nil` for everyday prompts.
    public var domain: String?
    public var kind: AssessmentExam.Item.Kind

    /// Reads a JSON Lines file of prompts.
    ///
    /// - Throws: `PipelineError` for a line that is not a prompt, or when there is none.
    public static func load(path: String) throws -> [ExamPrompt] {
        let prompts = try JSONLines.read(ExamPrompt.self, path: path)
        guard !prompts.isEmpty else { throw PipelineError.empty(path: path, what: "prompts") }
        return prompts
    }
}
