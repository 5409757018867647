import TerminalKit

/// A border between two panes, where a layout put it.
struct PlacedSplit: Sendable, Hashable {
    enum Axis: Sendable, Hashable {
        /// Between panes side by side; it moves left and right.
        case columns
        /// Between panes one above the other; it moves up and down.
        case rows
    }

    var split: Split
    var axis: Axis
    /// The cells of both panes' borders: what the mouse takes it by.
    var area: Rect
    /// How far it is from where it stands by itself, as far as there was room.
    var moved: Int
}

/// Moves the borders of a layout to where a person put them, as far as both panes keep their least size.
struct SplitPlacer {
    private let wanted: SplitMoves
    private(set) var placed: [PlacedSplit] = []

    init(_ state: ExplorerState) { wanted = state.splits }

    /// A border between panes side by side; there is none where one of them has no room.
    mutating func place(
        _ split: Split, between left: inout Rect, and right: inout Rect, leastWidths least: (left: Int, right: Int)
    ) {
        guard !left.isEmpty, !right.isEmpty else { return }
        let moved = held(split, (left.width, right.width), least)
        left.width += moved
        right.x += moved
        right.width -= moved
        let area = Rect(x: left.maxX - 1, y: left.y, width: 2, height: left.height)
        placed.append(PlacedSplit(split: split, axis: .columns, area: area, moved: moved))
    }

    /// A border between panes one above the other.
    mutating func place(
        _ split: Split, between upper: inout Rect, and lower: inout Rect, leastHeights least: (upper: Int, lower: Int)
    ) {
        guard !upper.isEmpty, !lower.isEmpty else { return }
        let moved = held(split, (upper.height, lower.height), least)
        upper.height += moved
        lower.y += moved
        lower.height -= moved
        let area = Rect(x: upper.x, y: upper.maxY - 1, width: upper.width, height: 2)
        placed.append(PlacedSplit(split: split, axis: .rows, area: area, moved: moved))
    }

    /// A pane that is smaller than the least already does not shrink any more.
    private func held(_ split: Split, _ sizes: (Int, Int), _ least: (Int, Int)) -> Int {
        min(max(wanted[split] ?? 0, min(0, least.0 - sizes.0)), max(0, sizes.1 - least.1))
    }
}

extension ExplorerState {
    /// The borders on the screen that can be moved.
    var placedSplits: [PlacedSplit] {
        switch screen {
        case .browse: BrowseLayout(self).splits
        case .live: LiveLayout(self).splits
        case .contrast: ContrastLayout(self).splits
        case .checkpoints: CheckpointsLayout(self).splits
        }
    }

    /// Where the pane with the focus is.
    private var focusedRect: Rect {
        switch screen {
        case .browse: BrowseLayout(self).rect(of: browse.pane)
        case .live: LiveLayout(self).rect(of: live.pane)
        case .contrast: ContrastLayout(self).rect(of: contrast.pane)
        case .checkpoints: CheckpointsLayout(self).rect(of: checkpoints.pane)
        }
    }

    /// The border that makes the pane with the focus larger, and whether that is by moving it right or down: the one at its right,
    /// else left, below or above.
    var splitOfFocus: (split: PlacedSplit, growsForward: Bool)? {
        let rect = focusedRect
        guard !rect.isEmpty else { return nil }
        let splits = placedSplits.filter { $0.touches(rect) }
        let (columns, rows) = (splits.filter { $0.axis == .columns }, splits.filter { $0.axis == .rows })
        if let right = columns.first(where: { $0.area.x == rect.maxX - 1 }) { return (right, true) }
        if let left = columns.first(where: { $0.area.maxX == rect.x + 1 }) { return (left, false) }
        if let below = rows.first(where: { $0.area.y == rect.maxY - 1 }) { return (below, true) }
        if let above = rows.first(where: { $0.area.maxY == rect.y + 1 }) { return (above, false) }
        return nil
    }
}

extension PlacedSplit {
    fileprivate func touches(_ rect: Rect) -> Bool { !area.intersection(rect).isEmpty }
}
