import TopsailCore

/// The pipelines that GGUF files know by name, in `tokenizer.ggml.pre`.
///
/// A GGUF file does not hold the pipeline itself. Names are those of llama.cpp's converter; what they stand for,
/// normalisation included, is what the published `tokenizer.json` of that family says.
struct NamedPipeline {
    var pipeline: ByteLevelBPE.Pipeline
    /// Whether BOS is added when the file does not say.
    var addsBOS = false

    /// - Returns: `nil` for a name that is not known.
    init?(_ name: String) {
        switch name {
        case "gpt-2", "phi-2":
            pipeline = .init(preTokenizer: PreTokenizer([.gpt2]))
        case "olmo":
            pipeline = .init(preTokenizer: PreTokenizer([.gpt2]))
            pipeline.normalizer = .nfc
        case "smollm", "starcoder", "refact", "codeshell":
            pipeline = .init(preTokenizer: PreTokenizer([.digits(individual: true), .gpt2]))
        case "llama-bpe", "llama3", "llama-v3":
            pipeline = .init(preTokenizer: PreTokenizer([.wordsAndNumbers(digits: 3)]))
            pipeline.ignoresMerges = true
            addsBOS = true
        case "dbrx", "smaug-bpe":
            pipeline = .init(preTokenizer: PreTokenizer([.wordsAndNumbers(digits: 3)]))
        case "qwen2", "deepseek-r1-qwen":
            pipeline = .init(preTokenizer: PreTokenizer([.wordsAndNumbers(digits: 1)]))
            pipeline.normalizer = .nfc
        default: return nil
        }
    }

    /// The name for files from before there was one, where the architecture leaves no doubt.
    static func name(forArchitecture architecture: String?) -> String? {
        switch architecture {
        case "gpt2": "gpt-2"
        // Pythia and GPT-NeoX-20B compose their text and split it like GPT-2, which is what OLMo took over from them.
        case "gptneox": "olmo"
        default: nil
        }
    }
}
