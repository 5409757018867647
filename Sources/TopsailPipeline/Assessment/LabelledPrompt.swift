import TopsailAnalysis

/// A prompt whose category is known, to fit an assessment to or to test it with; a line of `prompts.jsonl` and of
/// `heldout.jsonl`.
public struct LabelledPrompt: Sendable, Hashable, Codable {
    public var id: String
    public var text: String
    /// Slug of the domain; `nil` for everyday prompts.
    public var domain: String?
    /// Slug of the concept; `nil` for everyday prompts and look-alikes.
    public var concept: String?
    public var kind: AssessmentExam.Item.Kind

    /// What the prompt is for a fit; `nil` when it is harmful and does not say in what way.
    var role: AssessmentExample.Role? {
        switch kind {
        case .harmful: concept.map { .harmful(concept: $0) }
        case .lookalike, .sensitive: .harmless
        case .everyday: .background
        }
    }

    /// Reads a JSON Lines file of prompts.
    ///
    /// - Throws: `PipelineError` for a line that is not a prompt, or when there is none.
    public static func load(path: String) throws -> [LabelledPrompt] {
        let prompts = try JSONLines.read(LabelledPrompt.self, path: path)
        guard !prompts.isEmpty else { throw PipelineError.empty(path: path, what: "prompts") }
        return prompts
    }

    /// Reads prompts that something is to be fitted to.
    ///
    /// - Throws: Also `PipelineError` for a harmful prompt without a concept: what it is an example of would not be known.
    public static func loadForFitting(path: String) throws -> [LabelledPrompt] {
        let prompts = try load(path: path)
        if let prompt = prompts.first(where: { $0.role == nil }) {
            throw PipelineError.promptWithoutConcept(path: path, id: prompt.id)
        }
        return prompts
    }
}
