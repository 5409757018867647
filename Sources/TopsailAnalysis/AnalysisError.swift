import TopsailCore

/// What keeps an SAE and a model from being used together.
public enum AnalysisError: UserFacingError, Hashable {
    case noHook(sae: String)
    case widthMismatch(sae: String, hook: String, expected: Int, found: Int)

    public var description: String {
        switch self {
        case .noHook(let sae): "\(sae) does not say where in the model it reads"
        case .widthMismatch(let sae, let hook, let expected, let found):
            "\(sae) reads \(expected) values a token, \(hook) of this model delivers \(found)"
        }
    }

    public var hint: String? {
        switch self {
        case .noHook: "name the hook point, e.g. --hook mlp_out.14"
        case .widthMismatch: nil
        }
    }
}
