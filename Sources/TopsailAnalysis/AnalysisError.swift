import TopsailCore

/// What keeps an SAE and a model, or two SAEs, from being used together.
public enum AnalysisError: UserFacingError, Hashable {
    case noHook(sae: String)
    case widthMismatch(sae: String, hook: String, expected: Int, found: Int)
    case differentOutputs(first: String, firstWidth: Int, second: String, secondWidth: Int)

    public var description: String {
        switch self {
        case .noHook(let sae): "\(sae) does not say where in the model it reads"
        case .widthMismatch(let sae, let hook, let expected, let found):
            "\(sae) reads \(expected) values a token, \(hook) of this model delivers \(found)"
        case .differentOutputs(let first, let firstWidth, let second, let secondWidth):
            "\(first) writes \(firstWidth) values and \(second) \(secondWidth), so their neurons cannot be matched"
        }
    }

    public var hint: String? {
        switch self {
        case .noHook: "name the hook point, e.g. --hook mlp_out.14"
        case .widthMismatch, .differentOutputs: nil
        }
    }
}
