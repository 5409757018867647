/// A language model that SAEs in the catalog were trained on.
public struct ModelRecord: Sendable, Hashable {
    /// Unique in the catalog.
    public var name: String
    /// Checksum of the weights, 64 hexadecimal digits, where it is known.
    public var sha256: String?

    public init(name: String, sha256: String? = nil) {
        self.name = name
        self.sha256 = sha256
    }
}
