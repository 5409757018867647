import TopsailCore

/// What tokens say, for each model whose SAEs are exported.
final class ExportTexts {
    private let open: (SAERecord) -> any TokenTexts
    private var known: [String: any TokenTexts] = [:]

    init(_ open: @escaping (SAERecord) -> any TokenTexts) { self.open = open }

    /// The texts that a context brings, else those of the model's tokens.
    func texts(of context: ActivatingContext, _ sae: SAERecord) -> [String] {
        if let texts = context.texts { return texts }
        let model = texts(for: sae)
        return context.tokens.map { model.text(of: $0) }
    }

    func text(of effect: TokenEffect, _ sae: SAERecord) -> String {
        effect.text ?? texts(for: sae).text(of: effect.token)
    }

    private func texts(for sae: SAERecord) -> any TokenTexts {
        if let texts = known[sae.model ?? ""] { return texts }
        let texts = open(sae)
        known[sae.model ?? ""] = texts
        return texts
    }
}

/// Tokens by their numbers, for want of a tokenizer.
public struct NumberedTokenTexts: TokenTexts {
    public init() {}

    public func text(of id: TokenID) -> String { "⟨\(id)⟩" }
}
