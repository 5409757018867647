/// Looks up what a token of a model says.
public protocol TokenTexts: Sendable {
    /// The token's text; broken UTF-8 as U+FFFD. Not yet made printable.
    func text(of id: TokenID) -> String
    /// The bytes it stands for, often less than a whole character.
    func bytes(of id: TokenID) -> [UInt8]
}

extension TokenTexts {
    public func bytes(of id: TokenID) -> [UInt8] { Array(text(of: id).utf8) }

    /// The token's text for people, who want to tell pieces of characters apart: `⟨E6⟩`. Not yet made printable.
    public func spelling(of id: TokenID) -> String { PrintableText.spelled(bytes(of: id)) }
}
