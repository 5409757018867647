import TerminalKit

/// One action with the keys that ask for it, and what there is to say about it.
///
/// Dispatch, the hint bar, help and the palette all read the same table of these.
public struct Binding: Sendable {
    public var action: Action
    public var context: KeyContext
    public var chords: [KeyChord]
    /// Beside the key in the hint bar; one or two words.
    public var short: String
    /// In help and the palette; a phrase that says what will happen.
    public var long: String
    /// The command that does the same outside of the explorer.
    public var shell: String?
    /// Place in the hint bar; bindings without one are only in help. Lower comes first.
    public var hintRank: Int?
    /// Why the action cannot be done now; `nil` when it can.
    public var unavailable: @Sendable (ExplorerState) -> String?

    init(
        _ action: Action, in context: KeyContext, _ keys: String, short: String, _ long: String, shell: String? = nil,
        hint hintRank: Int? = nil, unavailable: @escaping @Sendable (ExplorerState) -> String? = { _ in nil }
    ) {
        self.action = action
        self.context = context
        chords = keys.split(separator: " ").map { name in
            guard let chord = KeyChord(named: String(name)) else {
                preconditionFailure("“\(name)” is not the name of a key")
            }
            return chord
        }
        self.short = short
        self.long = long
        self.shell = shell
        self.hintRank = hintRank
        self.unavailable = unavailable
    }

    /// The command's name in the palette: `reverse sort`.
    public var name: String { action.rawValue.replacing("-", with: " ") }

    /// The keys as help shows them: `j Down`.
    public var keyNames: String { chords.map(\.description).joined(separator: " ") }
}
