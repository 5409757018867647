import TerminalKit

/// Going through the tour.
extension ExplorerState {
    /// Begins the tour at its first step, on the first screen.
    public mutating func beginTour() {
        overlay = nil
        if screen != .browse { history.leave(place) }
        screen = .browse
        browse.pane = .table
        browse.isZoomed = false
        browse.filterLine = nil
        tour = Tour()
    }

    /// Whether a hint is on show: its screen is, and nothing lies over it.
    var showsTour: Bool {
        guard let tour, overlay == nil, tour.step.screen == screen else { return false }
        return screen != .browse || browse.rows.total ?? 0 > 0
    }

    /// Takes Esc where it means to leave the tour.
    ///
    /// - Returns: Whether Esc has nothing else to do. In an editor, with a filter or with marks it has, as ever.
    mutating func leavesTour() -> Bool {
        guard showsTour else { return false }
        let hasMore =
            screen == .browse && (!browse.filterText.isEmpty || browse.filterLine != nil || !browse.marks.isEmpty)
        guard !hasMore else { return false }
        tour = nil
        say("the tour is in the command palette: \(commandName(of: .tour))")
        return screen == .browse && !browse.isZoomed
    }

    /// After every event: what was hinted at is done, so the next hint comes.
    mutating func settleTour() {
        guard let step = tour?.step else { return }
        if screen == .live {
            tour?.step = .prompt
            guard !live.editor.isEmpty else { return }
            tour = nil
            return
        }
        switch step {
        case .neurons where browse.filterLine != nil: tour?.step = .filter
        case .neurons where browse.pane == .detail: tour?.step = .page
        case .page where browse.filterLine != nil: tour?.step = .filter
        case .filter where browse.filterLine == nil: tour?.step = .live
        default: break
        }
    }
}
