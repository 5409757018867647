/// A person's filter with a name.
public struct SavedQuery: Sendable, Hashable {
    public let name: String
    /// As it was typed: `max>5 tag:refusal court`.
    public let text: String

    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}
