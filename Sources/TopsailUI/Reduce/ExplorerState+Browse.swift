import TerminalKit

/// Keys on the first screen.
extension ExplorerState {
    mutating func performInBrowse(_ action: Action) -> [Effect] {
        switch action {
        case .up: moveInPane(by: -step)
        case .down: moveInPane(by: step)
        case .pageUp: moveInPane(by: -max(1, paneHeight - 1))
        case .pageDown: moveInPane(by: max(1, paneHeight - 1))
        case .halfPageUp: moveInPane(by: -max(1, paneHeight / 2))
        case .halfPageDown: moveInPane(by: max(1, paneHeight / 2))
        case .first: moveInPane(by: -Self.far)
        case .last: moveInPane(by: Self.far)
        case .left: moveLeft()
        case .right: moveRight()
        case .nextPane: cyclePane(by: 1)
        case .previousPane: cyclePane(by: -1)
        case .zoom: browse.isZoomed.toggle()
        case .open: return openInBrowse()
        case .back: return stepOutOfBrowse()
        case .filter: openFilter()
        case .saveQuery: openQueryName()
        case .savedQueries: return [.loadQueries]
        case .sort:
            return changeSort { query in
                let all = query.sorts
                query.sort = all[(all.firstIndex(of: query.order)! + 1) % all.count]
                query.isReversed = false
            }
        case .reverseSort: return changeSort { $0.isReversed.toggle() }
        case .mark: toggleMark()
        case .markRange: markRange()
        case .invertMarks: return [.loadMarks(browse.query, generation: browse.queryGeneration)]
        case .flatTree: toggleFlatTree()
        case .more, .less: changeContextView(by: action == .more ? 1 : -1)
        default: break
        }
        return treeSelectionChanged()
    }

    /// Further than any list is long, and still safe to add to.
    private static let far = 1 << 40

    private var paneHeight: Int {
        let layout = BrowseLayout(self)
        switch browse.pane {
        case .tree: return layout.treeHeight
        case .table: return layout.tableHeight
        case .detail: return layout.detail.interior.height
        case .side: return layout.neighbours.interior.height
        }
    }

    private mutating func moveInPane(by rows: Int) {
        switch browse.pane {
        case .tree: browse.tree.cursor.move(by: rows, count: treeRows.count, height: paneHeight)
        case .table: moveInTable(by: rows)
        case .detail: scrollDetail(by: rows)
        case .side: browse.side.move(by: rows, count: browse.neighbours.count, height: paneHeight)
        }
    }

    private mutating func moveInTable(by rows: Int) {
        browse.cursor.move(by: rows, count: browse.rows.total ?? 0, height: BrowseLayout(self).tableHeight)
        showSelected()
    }

    mutating func selectTableRow(_ row: Int) {
        browse.cursor.select(row, count: browse.rows.total ?? 0, height: BrowseLayout(self).tableHeight)
        showSelected()
    }

    private mutating func showSelected() {
        browse.opened = nil
        browse.detailScroll = 0
    }

    mutating func scrollDetail(by rows: Int) {
        let area = BrowseLayout(self).detail.interior
        let last = DetailDocument(self, width: area.width, height: area.height).lines.count - area.height
        browse.detailScroll = min(max(0, browse.detailScroll + rows), max(0, last))
    }

    private mutating func moveLeft() {
        switch browse.pane {
        case .tree: closeBranch()
        case .table: browse.pane = .tree
        case .detail: browse.pane = .table
        case .side: browse.pane = .detail
        }
    }

    private mutating func moveRight() {
        switch browse.pane {
        case .tree:
            let rows = treeRows
            let selected = rows[min(browse.tree.cursor.selected, rows.count - 1)]
            if selected.isExpanded == false, case .category(let slug) = selected.scope {
                browse.tree.expanded.insert(slug)
            } else {
                browse.pane = .table
            }
        case .table: browse.pane = .detail
        case .detail: if !BrowseLayout(self).neighbours.isEmpty { browse.pane = .side }
        case .side: break
        }
    }

    /// Closes the open branch, or goes to the branch that the row is in.
    private mutating func closeBranch() {
        let rows = treeRows
        let place = min(browse.tree.cursor.selected, rows.count - 1)
        if rows[place].isExpanded == true, case .category(let slug) = rows[place].scope {
            browse.tree.expanded.remove(slug)
        } else if rows[place].depth > 0, let parent = rows[..<place].lastIndex(where: { $0.depth == 0 }) {
            browse.tree.cursor.select(parent, count: rows.count, height: BrowseLayout(self).treeHeight)
        }
    }

    private mutating func cyclePane(by step: Int) {
        let panes = BrowseLayout(self).panes
        let place = panes.firstIndex(of: browse.pane) ?? 0
        browse.pane = panes[(place + step + panes.count) % panes.count]
    }

    private mutating func openInBrowse() -> [Effect] {
        switch browse.pane {
        case .tree:
            let rows = treeRows
            let selected = rows[min(browse.tree.cursor.selected, rows.count - 1)]
            if selected.isExpanded == false, case .category(let slug) = selected.scope {
                browse.tree.expanded.insert(slug)
            } else {
                browse.pane = .table
            }
        case .table: browse.pane = .detail
        case .detail: openDialog(for: .neighbours)
        case .side:
            let neighbours = browse.neighbours
            if neighbours.indices.contains(browse.side.selected) { return open(neighbours[browse.side.selected].key) }
        }
        return []
    }

    /// One step out: error, zoom, filter, marks, opened neuron, pane.
    private mutating func stepOutOfBrowse() -> [Effect] {
        if dismissError() { return [] }
        if live.answer.isRunning { return stopAnswer() }
        if browse.pane == .detail, !search.words.isEmpty {
            search = TextSearch()
        } else if browse.isZoomed {
            browse.isZoomed = false
        } else if !browse.filterText.isEmpty {
            browse.filterText = ""
            browse.query.filter = FilterExpression()
            return reload(keeping: browse.selected?.key)
        } else if !browse.marks.isEmpty {
            browse.marks = []
        } else if browse.opened != nil {
            browse.opened = nil
            browse.pane = .table
        } else if browse.pane != .tree {
            moveLeft()
        }
        return []
    }

    mutating func dismissError() -> Bool {
        toasts.toasts.contains { $0.kind == .error } && toasts.dismiss()
    }

    /// What a click on a header does: that order, or against it when it is there already.
    ///
    /// - Parameter sort: `nil` leaves it to what is asked.
    mutating func sortNeurons(by sort: NeuronQuery.Sort?) -> [Effect] {
        changeSort { query in
            let before = query.order
            query.sort = sort
            query.isReversed = query.order == before ? !query.isReversed : false
        }
    }

    private mutating func changeSort(_ change: (inout NeuronQuery) -> Void) -> [Effect] {
        change(&browse.query)
        return reload(keeping: browse.selected?.key)
    }

    private mutating func toggleMark() {
        guard let key = current else { return }
        if let place = browse.marks.firstIndex(of: key) {
            browse.marks.remove(at: place)
        } else {
            browse.marks.append(key)
        }
        if browse.pane == .table { selectTableRow(browse.cursor.selected + 1) }
    }

    private mutating func markRange() {
        guard let last = browse.marks.last, let start = browse.rows.position(of: last) else {
            say("the last marked row is too far from here")
            return
        }
        let end = browse.cursor.selected
        for row in min(start, end)...max(start, end) {
            guard let key = browse.rows[row]?.key, !browse.marks.contains(key) else { continue }
            browse.marks.append(key)
        }
    }

    /// Neurons that can be marked at once.
    static let markLimit = 5_000

    /// The keys of the whole list have come: those that were not marked are now.
    mutating func invertMarks(_ keys: [NeuronKey], generation: Int) {
        guard generation == browse.queryGeneration else { return }
        let marked = Set(browse.marks)
        browse.marks = keys.filter { !marked.contains($0) }
    }

    private mutating func changeContextView(by step: Int) {
        let all = BrowseState.ContextView.allCases
        let place = min(max(0, browse.contextView.rawValue + step), all.count - 1)
        browse.contextView = all[place]
        say(browse.contextView.words)
        scrollDetail(by: 0)
    }

    private mutating func toggleFlatTree() {
        let scope = browse.query.scope
        browse.tree.isFlat.toggle()
        let rows = treeRows
        browse.tree.cursor.select(
            rows.firstIndex { $0.scope == scope } ?? 0, count: rows.count, height: BrowseLayout(self).treeHeight)
    }
}
