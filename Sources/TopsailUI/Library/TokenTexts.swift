import TopsailCore

/// Looks up what a token of the catalog's model says.
public protocol TokenTexts: Sendable {
    /// The token's text; broken UTF-8 as U+FFFD. Not yet made printable.
    func text(of id: TokenID) -> String
}
