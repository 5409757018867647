import TopsailCore

/// What goes wrong when a model is asked.
public enum AskingError: UserFacingError, Hashable {
    /// An answer that is not what was asked for. Concerns one question.
    case unreadableAnswer(why: String)
    case badEndpoint(url: String)
    case unsafeKey(url: String)
    case noKey(variable: String)
    case unreachable(url: String, why: String)
    /// The server refuses in a way that asking again does not change.
    case refused(url: String, status: Int, said: String)
    /// The server went on failing.
    case gaveUp(url: String, attempts: Int, why: String)
    case budgetSpent(budget: Int, used: Int)
    case cannotFillGaps(model: String)

    public var description: String { PrintableText.printable(sentence) }

    private var sentence: String {
        switch self {
        case .unreadableAnswer(let why): why
        case .badEndpoint(let url): "\(url) is not the address of an endpoint"
        case .unsafeKey(let url): "the key would be sent unencrypted to \(url)"
        case .noKey(let variable): "the environment variable \(variable) holds no key"
        case .unreachable(let url, let why): "\(url) cannot be reached: \(why)"
        case .refused(let url, let status, let said):
            "\(url) refused with status \(status)" + (said.isEmpty ? "" : ": \(said)")
        case .gaveUp(let url, let attempts, let why): "\(url) failed \(attempts) times: \(why)"
        case .budgetSpent(let budget, let used): "the budget of \(budget) tokens is spent: \(used) were used"
        case .cannotFillGaps(let model): "\(model) cannot tell probabilities of a given text"
        }
    }

    public var hint: String? {
        switch self {
        case .badEndpoint: "give it as https://host/v1"
        case .unsafeKey: "use https, or an address of this machine"
        case .noKey: "set it, or name another variable with --endpoint-key-variable"
        case .unreachable: "check that the server is running and the address ends before /chat/completions"
        case .refused(_, 401, _), .refused(_, 403, _): "check the key"
        case .refused(_, 404, _): "check the address and the model's name"
        case .gaveUp: "what was done is kept; run the command again to go on"
        case .budgetSpent: "what was done is kept; run the command again, with a larger --budget-tokens, to go on"
        case .unreadableAnswer, .refused, .cannotFillGaps: nil
        }
    }
}
