import TerminalKit

/// Where the panes of Checkpoints are.
struct CheckpointsLayout {
    var list, details, matches, frontier, densities: Rect
    /// The borders that can be moved.
    private(set) var splits: [PlacedSplit] = []

    init(_ state: ExplorerState) {
        var body = ScreenAreas(state.size).body
        let none = Rect(x: body.x, y: body.y, width: 0, height: 0)
        (list, details, matches, frontier, densities) = (none, none, none, none, none)
        let checkpoints = state.checkpoints
        if checkpoints.isZoomed {
            switch checkpoints.pane {
            case .list: list = body
            case .details: details = Rect(x: body.x, y: body.y, width: min(body.width, 124), height: body.height)
            case .matches: matches = body
            }
            return
        }
        let rows = max(2, checkpoints.entries?.count ?? 0)
        var top = body.cutTop(max(7, min(rows + 3, body.height / 2)))
        var placer = SplitPlacer(state)
        placer.place(.list, between: &top, and: &body, leastHeights: (5, 6))
        frontier = top.cutRight(max(24, min(70, top.width * 3 / 10)))
        placer.place(.frontier, between: &top, and: &frontier, leastWidths: (30, 16))
        list = top
        densities = body.cutRight(max(24, min(70, body.width * 3 / 10)))
        placer.place(.densities, between: &body, and: &densities, leastWidths: (30, 16))
        splits = placer.placed
        if checkpoints.comparison != nil { matches = body } else { details = body }
    }

    private var all: [(CheckpointsState.Pane, Rect)] {
        [(.list, list), (.details, details), (.matches, matches)]
    }

    /// The panes on show that take the focus, in the order of Tab.
    var panes: [CheckpointsState.Pane] { all.filter { !$0.1.isEmpty }.map(\.0) }

    func rect(of pane: CheckpointsState.Pane) -> Rect { all.first { $0.0 == pane }!.1 }

    func pane(at position: Position) -> CheckpointsState.Pane? { all.first { $0.1.contains(position) }?.0 }
}
