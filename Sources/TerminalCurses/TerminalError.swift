/// Why there can be no full screen.
public struct TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        case noTerminal
        /// `TERM` is unset or says that there is nothing to draw on.
        case dumb(term: String)
        case unknown(term: String)
        case cannotPlaceCursor(term: String)
        case refused(term: String)
    }

    public var reason: Reason

    public init(_ reason: Reason) { self.reason = reason }

    public var description: String {
        switch reason {
        case .noTerminal: "there is no terminal to draw on (/dev/tty cannot be opened)"
        case .dumb(""): "TERM is not set, so nothing is known of this terminal"
        case .dumb(let term): "TERM=\(term) says that this terminal cannot show a full screen"
        case .unknown(let term): "the terminfo database has no entry for TERM=\(term)"
        case .cannotPlaceCursor(let term): "TERM=\(term) describes a terminal that cannot move its cursor"
        case .refused(let term): "ncurses could not start on a terminal of type \(term)"
        }
    }

    /// What to try.
    public var hint: String? {
        switch reason {
        case .noTerminal: "run it in a terminal, or use the commands that print"
        case .dumb, .unknown, .cannotPlaceCursor: "set TERM to what the terminal is, for example TERM=xterm-256color"
        case .refused: nil
        }
    }
}
