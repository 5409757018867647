import TopsailCore

/// The pipelines of byte-level vocabularies that GGUF files know by name, in `tokenizer.ggml.pre`.
///
/// A GGUF file does not hold the pipeline itself. Names are those of llama.cpp's converter; what they stand for,
/// normalisation included, is what the published `tokenizer.json` of that family says.
struct NamedPipeline {
    var normalizer = Normalizer.none
    var steps: [Splitting]
    /// Whether the last of the steps is GPT-2's own pre-tokenizer.
    var endsLikeGPT2 = false
    var ignoresMerges = false
    /// Whether BOS is added when the file does not say.
    var addsBOS = false

    private init(_ steps: [Splitting], endsLikeGPT2: Bool = false) {
        self.steps = steps
        self.endsLikeGPT2 = endsLikeGPT2
    }

    /// - Returns: `nil` for a name that is not known.
    init?(_ name: String) {
        switch name {
        case "gpt-2", "phi-2", "mpt", "jais", "trillion", "granite-docling": self.init([], endsLikeGPT2: true)
        case "olmo":
            self.init([], endsLikeGPT2: true)
            normalizer = .form(.nfc)
        case "smollm", "starcoder", "refact", "codeshell", "command-r", "exaone", "minerva-7b":
            self.init([Splitting(.each(.numeric), .isolated)], endsLikeGPT2: true)
        case "default":
            self.init([.expression(#"[\p{P}\$\+<=>\^~\|]+"#), .gpt2, .expression(#"\p{N}+"#), .threeDigits])
        case "falcon": self.init([Splitting(.each(.punctuation), .contiguous)])
        case "llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral":
            self.init([.llama3])
            ignoresMerges = true
            addsBOS = true
        case "dbrx", "smaug-bpe", "glm4", "chatglm-bpe": self.init([.llama3])
        case "qwen2", "deepseek-r1-qwen", "megrez":
            self.init([.qwen2])
            normalizer = .form(.nfc)
        case "qwen35":
            self.init([.expression(KnownExpressions.qwen35)])
            normalizer = .form(.nfc)
        case "stablelm2", "hunyuan", "grok-2": self.init([.qwen2])
        case "gpt-4o", "llama4": self.init([.expression(KnownExpressions.o200k)])
        case "tekken":
            self.init([.expression(KnownExpressions.tekken)])
            ignoresMerges = true
            addsBOS = true
        case "deepseek-v3", "hunyuan-dense":
            self.init([
                .expression(#"\p{N}{1,3}"#), .expression(KnownExpressions.chineseAndKana),
                .expression(KnownExpressions.deepSeek3),
            ])
        case "deepseek-coder":
            self.init([
                .expression(#"[\r\n]"#), .expression(#"\s?\p{L}+"#), .expression(#"\s?\p{P}+"#),
                .expression("[一-龥\u{800}-一가-\u{D7FF}]+"), .expression(#"\p{N}"#),
            ])
        case "bloom", "poro-chat", "gpt3-finnish": self.init([.expression(KnownExpressions.bloom)])
        case "viking": self.init([.expression(KnownExpressions.bloom), .expression(#"\p{N}"#)])
        default: return nil
        }
        isFalcon = name == "falcon"
    }

    /// Falcon cuts digits after spelling the bytes, some of which are spelled by what counts as a digit.
    private var isFalcon = false

    var preTokenizer: PreTokenizer {
        let first = steps.map(PreTokenizer.Step.split)
        if isFalcon {
            return PreTokenizer(
                first + [
                    .byteLevel(addsPrefixSpace: false, splits: true),
                    .split(Splitting(.each(.numeric), .contiguous)), .split(.threeDigits),
                ])
        }
        return PreTokenizer(first + [.byteLevel(addsPrefixSpace: false, splits: endsLikeGPT2)])
    }

    /// The name for files from before there was one, where the architecture leaves no doubt.
    static func name(forArchitecture architecture: String?) -> String? {
        switch architecture {
        case "gpt2": "gpt-2"
        // Pythia and GPT-NeoX-20B compose their text and split it like GPT-2, which is what OLMo took over from them.
        case "gptneox": "olmo"
        case "falcon": "falcon"
        case "starcoder", "starcoder2": "starcoder"
        case "bloom": "bloom"
        case "mpt": "mpt"
        case "qwen2", "qwen3": "qwen2"
        default: nil
        }
    }
}

extension Splitting {
    fileprivate static let llama3 = Splitting(.wordsAndNumbers(digits: 3), .isolated)
    fileprivate static let qwen2 = Splitting(.wordsAndNumbers(digits: 1), .isolated)
    fileprivate static let threeDigits = Splitting.expression("[0-9][0-9][0-9]")

    /// A cut by an expression that stands in the program.
    fileprivate static func expression(_ pattern: String) -> Splitting {
        do {
            return Splitting(.text(.expression(try RegularExpression(pattern))), .isolated)
        } catch {
            preconditionFailure("\(pattern) has \(error.problem)")
        }
    }
}
