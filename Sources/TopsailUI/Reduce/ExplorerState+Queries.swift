import TerminalKit

/// What Browse asks the catalog, and what comes back.
extension ExplorerState {
    /// Asks the table's question again. What is on show stays until the answer is there.
    mutating func reload(keeping key: NeuronKey? = nil) -> [Effect] {
        browse.queryGeneration += 1
        browse.isStale = true
        return [
            .loadPage(
                browse.query, rows: 0..<PagedRows.pageSize, anchor: key, generation: browse.queryGeneration)
        ]
    }

    /// The table follows the tree.
    mutating func treeSelectionChanged() -> [Effect] {
        let rows = treeRows
        let scope = rows[min(browse.tree.cursor.selected, rows.count - 1)].scope
        guard scope != browse.query.scope else { return [] }
        browse.query.scope = scope
        browse.opened = nil
        return reload()
    }

    mutating func receive(_ page: NeuronPage, generation: Int) {
        guard generation == browse.queryGeneration else { return }
        if browse.isStale {
            browse.isStale = false
            // A filter that is still being typed is not yet what a person asks.
            if browse.filterLine == nil { record(browse.query.command) }
            browse.rows = PagedRows()
            browse.rows.receive(page)
            let offset = browse.cursor.offset
            // The old scroll position is kept where the kept neuron allows it.
            let kept = page.anchor ?? (browse.opened == nil ? 0 : browse.cursor.selected)
            browse.cursor = ListCursor(selected: kept, offset: kept == 0 ? 0 : offset)
        } else {
            browse.rows.receive(page)
        }
    }

    mutating func receive(_ profile: NeuronProfile, generation: Int) {
        guard generation == browse.detailGeneration else { return }
        browse.detail = profile
        browse.side = ListCursor()
    }

    mutating func settleTree() {
        browse.tree.cursor.reveal(count: treeRows.count, height: BrowseLayout(self).treeHeight)
    }

    mutating func settleBrowse() -> [Effect] {
        guard screen == .browse, !isTooSmall else { return [] }
        let layout = BrowseLayout(self)
        if !layout.panes.contains(browse.pane) { browse.pane = .table }
        var effects: [Effect] = []
        let total = browse.rows.total ?? 0
        browse.cursor.reveal(count: total, height: layout.tableHeight)
        if !browse.isStale {
            let shown = browse.cursor.visible(count: total, height: layout.tableHeight)
            // One screenful ahead on both sides, so that paging seldom shows empty rows.
            let ahead = max(0, shown.lowerBound - shown.count)..<shown.upperBound + shown.count
            effects += browse.rows.missing(in: ahead).map {
                .loadPage(browse.query, rows: $0, anchor: nil, generation: browse.queryGeneration)
            }
        }
        // A neuron that was opened by name is the selected one as soon as the table stands on it.
        if browse.opened != nil, browse.opened == browse.selected?.key { browse.opened = nil }
        if let wanted = current {
            if wanted != browse.wantedDetail {
                browse.wantedDetail = wanted
                effects.append(loadDetail(of: wanted))
            }
        } else if !browse.isStale, total == 0 {
            // Nothing is selected in an empty table.
            browse.wantedDetail = nil
            browse.detail = nil
            browse.detailGeneration += 1
        }
        return effects
    }

    private mutating func loadDetail(of key: NeuronKey) -> Effect {
        browse.detailGeneration += 1
        return .loadProfile(key, generation: browse.detailGeneration)
    }

    /// After a tag, an explanation or a note changed.
    mutating func annotationsChanged() -> [Effect] {
        var effects: [Effect] = [.loadCategories] + reload(keeping: browse.selected?.key)
        if let key = browse.wantedDetail { effects.append(loadDetail(of: key)) }
        let shown = Array(labels.keys)
        if !shown.isEmpty { effects.append(.loadLabels(shown)) }
        return effects
    }
}
