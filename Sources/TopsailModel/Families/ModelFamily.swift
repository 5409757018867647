/// One family of models: how its settings are read and how its weights are named. The blocks themselves are shared.
struct ModelFamily: Sendable {
    /// Hugging Face's `model_type`, the first of those that are read as this family.
    var name: String
    /// Further values of `model_type` for the same arithmetic.
    var otherNames: [String] = []
    /// `general.architecture` in GGUF files.
    var ggufName: String
    /// Reads `config.json`.
    var readHuggingFace: @Sendable (HuggingFaceSettings) throws -> ModelConfiguration
    /// Reads GGUF metadata, given the sizes that the tensors themselves say.
    var readGGUF: @Sendable (GGUFSettings) throws -> ModelConfiguration
    var huggingFaceNames: TensorNames
    var ggufNames: TensorNames
    /// Whether the unembedding is the embedding when `config.json` does not say.
    var tiesEmbeddings = false

    static let all: [ModelFamily] = [
        .gpt2, .gptNeoX, .llama, .mistral, .qwen2, .qwen3, .gemma, .gemma2, .gemma3, .phi3, .olmo2,
    ]

    /// The family that a `config.json` names.
    ///
    /// - Throws: `ModelError` naming `model_type` when it is missing or not known.
    static func of(_ settings: HuggingFaceSettings) throws -> ModelFamily {
        guard let type = try settings.text("model_type") else { throw settings.missing("model_type") }
        guard let family = all.first(where: { $0.name == type || $0.otherNames.contains(type) }) else {
            throw ModelError.unsupportedArchitecture(path: settings.path, key: "model_type", found: type)
        }
        return family
    }

    /// The family of a GGUF file.
    static func of(_ settings: GGUFSettings) throws -> ModelFamily {
        guard let family = all.first(where: { $0.ggufName == settings.architecture }) else {
            throw ModelError.unsupportedArchitecture(
                path: settings.path, key: "general.architecture", found: settings.architecture)
        }
        return family
    }
}
