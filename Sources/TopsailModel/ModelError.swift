import TopsailCore

/// Why a model cannot be opened or run.
public enum ModelError: UserFacingError, Hashable {
    case unsupportedArchitecture(path: String, key: String, found: String)
    case unsupportedSetting(path: String, key: String, found: String)
    case missingSettings(path: String, keys: [String])
    case unreadableSettings(path: String, why: String)
    case missingFile(folder: String, name: String)
    case missingTensor(path: String, name: String)
    case unknownTensor(path: String, name: String)
    case shapeMismatch(path: String, tensor: String, expected: [Int], found: [Int])
    case unsupportedType(path: String, tensor: String, type: String)
    case notFinite(path: String, tensor: String)
    case overflow(layer: Int)
    case noTokenizer(path: String)
    case tokenOutOfRange(token: TokenID, vocabulary: Int)
    case contextTooLong(tokens: Int, limit: Int)
    /// `fitting`: bytes of the text's start that fill the context.
    case textTooLong(bytes: Int, fitting: Int, limit: Int)
    case cacheTooLarge(tokens: Int, bytes: Int)
    case unknownHook(String, layers: Int)
    case noChatTemplate(model: String)

    public var description: String { PrintableText.printable(sentence) }

    private var sentence: String {
        switch self {
        case .unsupportedArchitecture(let path, let key, let found):
            "\(path): \(key) \"\(found)\" is not a supported architecture"
        case .unsupportedSetting(let path, let key, let found): "\(path): \(key) = \(found) is not supported"
        case .missingSettings(let path, let keys):
            keys.count == 1
                ? "\(path): the setting \(keys[0]) is missing"
                : "\(path): the settings \(keys.joined(separator: ", ")) are missing"
        case .unreadableSettings(let path, let why): "\(path) cannot be read as settings: \(why)"
        case .missingFile(let folder, let name): "\(folder) has no file \(name)"
        case .missingTensor(let path, let name): "\(path) has no tensor named \(name)"
        case .unknownTensor(let path, let name):
            "\(path): the tensor \(name) has no place in this architecture, so the model is not what its settings say"
        case .shapeMismatch(let path, let tensor, let expected, let found):
            "\(path): \(tensor) has shape \(found), expected \(expected) from the file's settings"
        case .unsupportedType(let path, let tensor, let type):
            "\(path): \(tensor) is stored as \(type), which is not supported"
        case .notFinite(let path, let tensor): "\(path): \(tensor) holds a value that is NaN or infinite"
        case .overflow(let layer): "the activations of layer \(layer) are no longer finite numbers"
        case .noTokenizer(let path): "\(path) has no tokenizer, so it reads token ids only"
        case .tokenOutOfRange(let token, let vocabulary):
            "token \(token) is outside the model's vocabulary of \(vocabulary)"
        case .contextTooLong(let tokens, let limit): "\(tokens) tokens do not fit in the model's context of \(limit)"
        case .textTooLong(let bytes, let fitting, let limit):
            "the text has \(bytes) bytes; its first \(fitting) fill the model's context of \(limit) tokens"
        case .cacheTooLarge(let tokens, let bytes):
            "the keys and values of \(tokens) tokens take \(max(1, bytes >> 30)) GiB, more than this machine has"
        case .unknownHook(let hook, let layers):
            "the model has no hook point \(hook) (it has layers 0 to \(layers - 1))"
        case .noChatTemplate(let model): "\(model) has no chat template"
        }
    }

    public var hint: String? {
        switch self {
        case .unsupportedArchitecture:
            "supported: GPT-2, GPT-NeoX (Pythia), Llama 1 to 3, SmolLM, Mistral, Qwen 2, 2.5 and 3, Gemma 1 to 3, Phi-3, OLMo 2"
        case .missingFile(_, "config.json"): "give a .gguf file, or a folder with config.json and safetensors"
        case .missingFile(_, "model.safetensors"): "weights are read from safetensors; other formats can be converted"
        case .missingFile: "the download may be incomplete; fetch the folder again"
        case .noTokenizer: "put the model's tokenizer.json beside config.json, or give --ids"
        case .noChatTemplate: "leave out --chat and write the prompt as plain text"
        case .unknownHook: "hook points look like resid_post.3, mlp_out.14 or final_norm"
        case .contextTooLong, .textTooLong, .cacheTooLarge: "shorten the text"
        default: nil
        }
    }
}
