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
            record(browse.query.command)
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

/// The line typed after `/`.
extension ExplorerState {
    mutating func openFilter() {
        var line = TextEditor(browse.filterText, isSingleLine: true)
        line.history = browse.filterHistory
        browse.filterLine = line
        browse.filterProblem = nil
        browse.pane = .table
    }

    mutating func pressInFilter(_ chord: KeyChord) -> [Effect] {
        switch chord {
        case "Enter":
            browse.filterHistory.record(browse.filterText)
            browse.filterLine = nil
            browse.filterProblem = nil
        case "Esc":
            browse.filterLine = nil
            browse.filterProblem = nil
            guard !browse.filterText.isEmpty else { return [] }
            browse.filterText = ""
            browse.query.filter = FilterExpression()
            return reload(keeping: browse.selected?.key)
        case "Tab": return completeFilter()
        case "Ctrl-L": return [.redraw]
        case "Ctrl-Z": return [.suspend]
        case "Ctrl-C": return pressInFilter("Esc")
        default:
            if browse.filterLine?.handle(chord) == .changed { return filterTyped() }
        }
        return []
    }

    /// Reads what is typed. A filter that cannot be read leaves the last good result.
    mutating func filterTyped() -> [Effect] {
        guard let text = browse.filterLine?.text else { return [] }
        browse.filterText = text
        do {
            let filter = try FilterExpression.parse(text)
            browse.filterProblem = nil
            guard filter != browse.query.filter else { return [] }
            browse.query.filter = filter
            return reload(keeping: browse.selected?.key)
        } catch {
            browse.filterProblem = error
            return []
        }
    }

    /// Completes the word before the cursor when one completion, or a common start of several, is longer.
    private mutating func completeFilter() -> [Effect] {
        guard let text = browse.filterLine?.text else { return [] }
        let word = text.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        guard !word.isEmpty else { return [] }
        let candidates =
            FilterExpression.completions + categories.nodes.flatMap { ["tag:\($0.slug)", "cat:\($0.slug)"] }
        let fitting = candidates.filter { $0.hasPrefix(word) }
        guard let first = fitting.first else { return [] }
        let common = fitting.reduce(first) { $0.commonPrefix(with: $1) }
        guard common.count > word.count else {
            say(fitting.prefix(6).joined(separator: "  "))
            return []
        }
        browse.filterLine?.insert(String(common.dropFirst(word.count)))
        return filterTyped()
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
