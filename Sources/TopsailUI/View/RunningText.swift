import TerminalKit

/// A pane of running text: the part on show, how far down that is, and the words searched for in it.
struct RunningText {
    let lines: [StyledLine]
    /// The first line on show.
    let top: Int
    private let height: Int
    private let search: TextSearch?
    private let matches: TextMatches

    /// - Parameters:
    ///   - top: Held to where there is text.
    ///   - height: Rows inside the pane's border.
    ///   - search: What is searched for; `nil` in a pane that has not the focus.
    init(_ lines: [StyledLine], top: Int, height: Int, search: TextSearch?) {
        self.lines = lines
        self.top = min(max(0, top), max(0, lines.count - height))
        self.height = height
        self.search = search
        matches = TextMatches(of: search?.words ?? "", in: lines)
    }

    /// For the pane's border: what was found, else how far down the text is when it does not fit.
    ///
    /// - Parameter room: Columns at most.
    func note(room: Int, theme: Theme) -> String {
        if let found = search.flatMap({ matches.note(for: $0, room: room, theme: theme) }) { return found }
        return lines.count > height ? "\(min(lines.count, top + height))/\(lines.count)" : ""
    }

    func draw(into frame: inout Frame, in inside: Rect, theme: Theme) {
        for (row, line) in lines.dropFirst(top).prefix(inside.height).enumerated() {
            line.draw(into: &frame, in: inside.row(row))
        }
        guard let search else { return }
        matches.mark(current: search.current, top: top, in: inside, &frame, theme: theme)
        frame.cursor = inside.origin
        search.drawLine(into: &frame, in: inside, theme: theme)
    }
}
