import TerminalKit

/// Words looked for in a pane of running text.
public struct TextSearch: Sendable {
    /// The line being typed after `/`; `nil` when it is closed.
    public var line: TextEditor?
    /// What is looked for; nothing is when it is empty.
    public var words = ""
    /// The match that was gone to last, counted from the top.
    public var current = 0
    /// Where the pane stood when the line was opened.
    var start = 0

    public init() {}
}
