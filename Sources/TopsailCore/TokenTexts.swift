/// Looks up what a token of a model says.
public protocol TokenTexts: Sendable {
    /// The token's text; broken UTF-8 as U+FFFD. Not yet made printable.
    func text(of id: TokenID) -> String
}
