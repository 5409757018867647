/// An error whose text may be shown to a person as it stands.
///
/// `description` is one sentence that names the thing, the place and what was expected; `hint` is the remedy, where there is one.
/// Leaf targets throw their own typed errors that conform to this; commands print `error: …` and `hint: …`, screens show a toast.
public protocol UserFacingError: Error, Sendable, CustomStringConvertible {
    var hint: String? { get }
}

extension UserFacingError {
    public var hint: String? { nil }
}
