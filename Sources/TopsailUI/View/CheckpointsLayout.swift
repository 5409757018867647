import TerminalKit

/// Where the panes of Checkpoints are.
struct CheckpointsLayout {
    var list, details, matches, frontier, densities: Rect

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
        frontier = top.cutRight(max(24, min(70, top.width * 3 / 10)))
        list = top
        let side = body.cutRight(max(24, min(70, body.width * 3 / 10)))
        densities = side
        if checkpoints.comparison != nil { matches = body } else { details = body }
    }

    private var all: [(CheckpointsState.Pane, Rect)] {
        [(.list, list), (.details, details), (.matches, matches)]
    }

    /// The panes on show that take the focus, in the order of Tab.
    var panes: [CheckpointsState.Pane] { all.filter { !$0.1.isEmpty }.map(\.0) }

    func pane(at position: Position) -> CheckpointsState.Pane? { all.first { $0.1.contains(position) }?.0 }
}
