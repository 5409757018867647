import TerminalKit

/// Where the panes of Contrast are.
struct ContrastLayout {
    var concepts, saes, neurons, pairs: Rect
    /// What is known of the selected neuron; it takes no focus.
    var evidence: Rect
    /// The borders that can be moved.
    private(set) var splits: [PlacedSplit] = []

    /// From this width on, pairs have a column of their own.
    static let wideWidth = 150

    init(_ state: ExplorerState) {
        let body = ScreenAreas(state.size).body
        let none = Rect(x: body.x, y: body.y, width: 0, height: 0)
        (concepts, saes, neurons, pairs, evidence) = (none, none, none, none, none)
        let showsEvidence = state.contrast.finding != nil
        if state.contrast.isZoomed {
            switch state.contrast.pane {
            case .concepts: concepts = body
            case .saes: saes = body
            case .neurons:
                neurons = body
                if showsEvidence {
                    evidence =
                        body.width >= 100 ? neurons.cutRight(36) : neurons.cutBottom(min(10, body.height / 2))
                }
            case .pairs: pairs = Rect(x: body.x, y: body.y, width: min(body.width, 124), height: body.height)
            }
            return
        }
        let isWide = body.width >= Self.wideWidth
        let columns = body.columns([
            .flexible(minimum: 26, maximum: 46, weight: 2, priority: 2),
            .flexible(minimum: 32, maximum: 104, weight: 7, priority: 3),
            isWide ? .flexible(minimum: 50, maximum: 104, weight: 5, priority: 1) : .fixed(0),
        ])
        concepts = columns[0]
        var middle = columns[1]
        var right = columns[2]
        var placer = SplitPlacer(state)
        placer.place(.concepts, between: &concepts, and: &middle, leastWidths: (18, 28))
        placer.place(.pairsBeside, between: &middle, and: &right, leastWidths: (28, 24))
        if showsEvidence, body.height >= 18 { evidence = concepts.cutBottom(body.height >= 22 ? 10 : 8) }
        let saeRows = max(1, min(state.contrast.saes.count, max(1, body.height / 5)))
        saes = middle.cutTop(saeRows + 3)
        if isWide {
            (neurons, pairs) = (middle, right)
        } else {
            pairs = middle.cutBottom(max(6, middle.height * 2 / 5))
            neurons = middle
            placer.place(.pairsBelow, between: &neurons, and: &pairs, leastHeights: (4, 4))
        }
        splits = placer.placed
    }

    /// Inside the border of the concepts, without the line of the filter.
    func conceptArea(_ state: ExplorerState) -> Rect {
        area(concepts, isFiltered: state.contrast.filtersConcepts, state)
    }
    func neuronArea(_ state: ExplorerState) -> Rect {
        area(neurons, isFiltered: !state.contrast.filtersConcepts, state)
    }
    /// Rows on show, without the header.
    func conceptHeight(_ state: ExplorerState) -> Int { max(0, conceptArea(state).height - 1) }
    func neuronHeight(_ state: ExplorerState) -> Int { max(0, neuronArea(state).height - 1) }

    /// The line of the filter, over the list that it is about.
    func filterArea(_ state: ExplorerState) -> Rect {
        (state.contrast.filtersConcepts ? concepts : neurons).interior.row(0)
    }
    /// Where it is typed, right of its sign.
    func filterEditor(_ state: ExplorerState) -> Rect {
        var area = filterArea(state)
        _ = area.cutLeft(1)
        return area
    }

    private func area(_ rect: Rect, isFiltered: Bool, _ state: ExplorerState) -> Rect {
        var area = rect.interior
        if isFiltered, state.contrast.filterLine != nil { _ = area.cutTop(1) }
        return area
    }

    private var all: [(ContrastState.Pane, Rect)] {
        [(.concepts, concepts), (.saes, saes), (.neurons, neurons), (.pairs, pairs)]
    }

    /// The panes on show, in the order of Tab.
    var panes: [ContrastState.Pane] { all.filter { !$0.1.isEmpty }.map(\.0) }

    func rect(of pane: ContrastState.Pane) -> Rect { all.first { $0.0 == pane }!.1 }

    func pane(at position: Position) -> ContrastState.Pane? { all.first { $0.1.contains(position) }?.0 }
}
