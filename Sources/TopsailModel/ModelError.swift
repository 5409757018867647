import TopsailCore

/// Why a model cannot be opened or run.
public enum ModelError: UserFacingError, Hashable {
    case unsupportedArchitecture(path: String, found: String)
    case unsupportedSetting(path: String, key: String, found: String)
    case missingSetting(path: String, key: String)
    case missingTensor(path: String, name: String)
    case shapeMismatch(path: String, tensor: String, expected: [Int], found: [Int])
    case unsupportedType(path: String, tensor: String, type: String)
    case notAModel(path: String)
    case tokenOutOfRange(token: TokenID, vocabulary: Int)
    case contextTooLong(tokens: Int, limit: Int)
    case unknownHook(String, layers: Int)
    case noChatTemplate(model: String)
    case unsupportedChatTemplate(model: String)

    public var description: String {
        switch self {
        case .unsupportedArchitecture(let path, let found): "\(path): the architecture \"\(found)\" is not supported"
        case .unsupportedSetting(let path, let key, let found): "\(path): \(key) = \(found) is not supported"
        case .missingSetting(let path, let key): "\(path): the setting \(key) is missing"
        case .missingTensor(let path, let name): "\(path) has no tensor named \(name)"
        case .shapeMismatch(let path, let tensor, let expected, let found):
            "\(path): \(tensor) has shape \(found), expected \(expected) from the file's settings"
        case .unsupportedType(let path, let tensor, let type):
            "\(path): \(tensor) is stored as \(type), which is not supported"
        case .notAModel(let path): "\(path) is not a model file"
        case .tokenOutOfRange(let token, let vocabulary):
            "token \(token) is outside the model's vocabulary of \(vocabulary)"
        case .contextTooLong(let tokens, let limit): "\(tokens) tokens do not fit in the model's context of \(limit)"
        case .unknownHook(let hook, let layers):
            "the model has no hook point \(hook) (it has layers 0 to \(layers - 1))"
        case .noChatTemplate(let model): "\(model) has no chat template"
        case .unsupportedChatTemplate(let model): "the chat template of \(model) is of a kind that is not supported"
        }
    }

    public var hint: String? {
        switch self {
        case .unsupportedArchitecture: "supported: llama (Llama 2/3, SmolLM2, Mistral without a window)"
        case .notAModel: "give a .gguf file or the name of a model in the workspace"
        case .noChatTemplate, .unsupportedChatTemplate: "leave out --chat and write the prompt as plain text"
        case .unknownHook: "hook points look like resid_post.3, mlp_out.14 or final_norm"
        case .contextTooLong: "shorten the text"
        default: nil
        }
    }
}
