/// Which tokens SAEs are trained on and statistics are taken over.
public enum CountedTokens: String, Sendable, Hashable, Codable, CaseIterable {
    /// All but special tokens, what a chat template wrote, and the first token of each context. Those are attention
    /// sinks in most models: their norms are many times those of other tokens and would drown everything else.
    case ordinary
    /// Every token.
    case all

    /// What is left out, as a person reads it beside the numbers.
    public var exclusions: String {
        switch self {
        case .ordinary: "special tokens, the chat template's own, the first token of a context, held-out documents"
        case .all: "held-out documents"
        }
    }
}
