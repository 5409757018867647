import TerminalKit

/// Where the panes of Browse are. A pane that has no room is empty.
struct BrowseLayout {
    var tree, table, detail, neighbours, logits: Rect
    /// The borders that can be moved.
    private(set) var splits: [PlacedSplit] = []
    /// Whether a line above the table is taken by the filter being typed.
    private let hasFilterLine: Bool
    /// Whether the neuron on show writes to logits; those of images or users do not.
    private let hasLogits: Bool

    /// From this width on, neighbours and logits have panes of their own.
    static let sideWidth = 180

    init(_ state: ExplorerState) {
        let browse = state.browse
        hasFilterLine = browse.filterLine != nil
        let sae = browse.detail.flatMap { state.summary?.sae(named: $0.key.sae) }
        hasLogits = sae?.hasLanguageModel ?? state.summary?.hasLanguageModel ?? true
        let body = ScreenAreas(state.size).body
        let none = Rect(x: body.x, y: body.y, width: 0, height: 0)
        (tree, table, detail, neighbours, logits) = (none, none, none, none, none)
        if browse.isZoomed {
            zoom(browse.pane, body)
        } else {
            let focus = browse.pane
            func priority(_ pane: BrowseState.Pane, _ base: Int) -> Int { pane == focus ? 10 : base }
            let columns = body.columns([
                .flexible(minimum: 19, maximum: 30, weight: 2, priority: priority(.tree, 1)),
                .flexible(minimum: 27, maximum: 90, weight: 5, priority: priority(.table, 3)),
                .flexible(minimum: 33, maximum: 104, weight: 7, priority: priority(.detail, 2)),
                body.width >= Self.sideWidth
                    ? .flexible(minimum: 34, maximum: 60, weight: 3, priority: 0) : .fixed(0),
            ])
            (tree, table, detail) = (columns[0], columns[1], columns[2])
            var side = columns[3]
            var placer = SplitPlacer(state)
            placer.place(.tree, between: &tree, and: &table, leastWidths: (14, 22))
            // Where there is no room for the table, the tree stands beside the neuron.
            if table.isEmpty { placer.place(.tree, between: &tree, and: &detail, leastWidths: (14, 24)) }
            placer.place(.table, between: &table, and: &detail, leastWidths: (22, 24))
            placer.place(.detail, between: &detail, and: &side, leastWidths: (24, 20))
            splitSide(side)
            placer.place(.neighbours, between: &neighbours, and: &logits, leastHeights: (4, 4))
            splits = placer.placed
        }
    }

    private mutating func zoom(_ pane: BrowseState.Pane, _ body: Rect) {
        switch pane {
        case .tree: tree = body
        case .table: table = body
        case .detail: detail = Rect(x: body.x, y: body.y, width: min(body.width, 124), height: body.height)
        case .side: splitSide(Rect(x: body.x, y: body.y, width: min(body.width, 104), height: body.height))
        }
    }

    private mutating func splitSide(_ column: Rect) {
        guard !column.isEmpty else { return }
        guard hasLogits else {
            neighbours = column
            return
        }
        let rows = column.rows([.flexible(minimum: 6, weight: 1), .flexible(minimum: 6, weight: 1)])
        (neighbours, logits) = (rows[0], rows[1])
    }

    private var all: [(BrowseState.Pane, Rect)] {
        [(.tree, tree), (.table, table), (.detail, detail), (.side, neighbours)]
    }

    /// The panes on show, left to right.
    var panes: [BrowseState.Pane] { all.filter { !$0.1.isEmpty }.map(\.0) }

    func rect(of pane: BrowseState.Pane) -> Rect { all.first { $0.0 == pane }!.1 }

    var hasSide: Bool { !neighbours.isEmpty }
    var treeHeight: Int { tree.interior.height }

    /// Inside the table's border, without the line of the filter.
    var tableArea: Rect {
        var area = table.interior
        if hasFilterLine { _ = area.cutTop(1) }
        return area
    }

    var filterArea: Rect { hasFilterLine ? table.interior.row(0) : Rect(x: 0, y: 0, width: 0, height: 0) }
    /// Where the filter is typed, right of its sign.
    var filterEditor: Rect {
        var area = filterArea
        _ = area.cutLeft(1)
        return area
    }
    /// Rows of neurons on show, without the header.
    var tableHeight: Int { max(0, tableArea.height - 1) }

    func pane(at position: Position) -> BrowseState.Pane? { all.first { $0.1.contains(position) }?.0 }
}

/// The lines that every screen has: tabs at the top, status at the bottom.
struct ScreenAreas {
    var tabs, body, status: Rect

    init(_ size: Size) {
        var area = Rect(size)
        tabs = area.cutTop(1)
        status = area.cutBottom(1)
        body = area
    }
}
