import TerminalKit

/// The mouse in what lies over the screen: a click selects a row, a second one takes it, the wheel moves, a click beside a list
/// closes it.
extension ExplorerState {
    mutating func clickInOverlay(_ event: MouseEvent) -> [Effect] {
        switch event.kind {
        case .wheelUp, .wheelDown:
            guard let overlay, overlay.isList else { return [] }
            let chord: KeyChord = event.kind == .wheelUp ? "Up" : "Down"
            return (0..<3).flatMap { _ in pressInOverlay(chord) }
        case .press(.left, let clicks):
            guard let overlay, let (box, rows) = overlayPlaces(overlay) else { return [] }
            guard box.contains(event.position) else {
                // What was typed or pasted is not lost by a stray click.
                return overlay.closesByClick ? pressInOverlay("Esc") : []
            }
            guard rows.contains(event.position), select(row: event.position.y - rows.y, of: rows.height, in: overlay)
            else { return [] }
            return clicks == 2 && overlay.opensByClick ? pressInOverlay("Enter") : []
        default: return []
        }
    }

    private func overlayPlaces(_ overlay: Overlay) -> (box: Rect, rows: Rect)? {
        switch overlay {
        case .choice(let choice): ChoiceView.places(of: choice, in: size)
        case .jobs: JobsView.places(in: size)
        case .batch: BatchView.places(in: size)
        case .commands(let cursor): CommandsView.places(of: self, cursor)
        case .messages, .writing, .export, .line, .pair: nil
        }
    }

    /// - Returns: Whether there is such a row.
    private mutating func select(row: Int, of height: Int, in overlay: Overlay) -> Bool {
        func selected(_ cursor: ListCursor, count: Int) -> ListCursor? {
            var cursor = cursor
            cursor.reveal(count: count, height: height)
            guard row + cursor.offset < count else { return nil }
            cursor.select(row + cursor.offset, count: count, height: height)
            return cursor
        }
        switch overlay {
        case .choice(var choice):
            guard choice.picker.select(row: row, height: height) else { return false }
            self.overlay = .choice(choice)
        case .jobs(let cursor):
            guard let cursor = selected(cursor, count: jobs.count) else { return false }
            self.overlay = .jobs(cursor)
        case .batch(let cursor):
            guard let cursor = selected(cursor, count: live.batch?.rows.count ?? 0) else { return false }
            self.overlay = .batch(cursor)
        case .commands(let cursor):
            guard let cursor = selected(cursor, count: commands.count) else { return false }
            self.overlay = .commands(cursor)
        case .messages, .writing, .export, .line, .pair: return false
        }
        return true
    }
}

extension Overlay {
    /// Whether it is read by moving up and down.
    fileprivate var isList: Bool {
        switch self {
        case .choice, .messages, .jobs, .batch, .commands: true
        case .writing, .export, .line, .pair: false
        }
    }

    fileprivate var closesByClick: Bool {
        switch self {
        case .choice(let choice): if case .paste = choice.purpose { false } else { true }
        case .jobs, .commands: true
        // Esc stops a batch that runs.
        case .batch, .messages, .writing, .export, .line, .pair: false
        }
    }

    /// Enter stops a job.
    fileprivate var opensByClick: Bool { if case .jobs = self { false } else { true } }
}
