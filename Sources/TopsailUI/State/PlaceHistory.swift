import TerminalKit

/// Where the user was: enough to stand there again, filter and scroll position included.
public struct Place: Sendable, Hashable {
    public var screen: Screen
    public var pane: BrowseState.Pane
    public var contrastPane: ContrastState.Pane
    public var concept: Int
    public var query: NeuronQuery
    public var filterText: String
    public var treeCursor: ListCursor
    public var cursor: ListCursor
    public var selected: NeuronKey?
    public var opened: NeuronKey?
    public var detailScroll: Int
}

/// Places to go back and forward to, as in a browser.
public struct PlaceHistory: Sendable, Hashable {
    public var back: [Place] = []
    public var forward: [Place] = []
    private static let limit = 100

    public init() {}

    /// Keeps a place that is about to be left.
    mutating func leave(_ place: Place) {
        guard back.last != place else { return }
        back.append(place)
        if back.count > Self.limit { back.removeFirst() }
        forward = []
    }
}

extension ExplorerState {
    var place: Place {
        Place(
            screen: screen, pane: browse.pane, contrastPane: contrast.pane,
            concept: contrast.conceptCursor.selected, query: browse.query, filterText: browse.filterText,
            treeCursor: browse.tree.cursor, cursor: browse.cursor, selected: browse.selected?.key,
            opened: browse.opened,
            detailScroll: browse.detailScroll)
    }
}
