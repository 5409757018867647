import TerminalKit

/// The mouse: a click focuses and selects, a double click opens, the wheel scrolls what is under the pointer.
extension ExplorerState {
    mutating func click(_ event: MouseEvent) -> [Effect] {
        guard !isTooSmall else { return [] }
        let isPress = if case .press(.left, _) = event.kind { true } else { false }
        if isPress, event.position.y == size.height - 1 { return clickHint(event.position.x) }
        if isPress, clickInEditor(event.position) { return [] }
        if overlay != nil { return clickInOverlay(event) }
        // The lines go afterwards: rows below them are where they were seen.
        let effects = clickOnScreen(event, isPress: isPress)
        return isPress ? effects + closeLines() : effects
    }

    /// What was typed into a pane's line is kept by a click beside it.
    private mutating func closeLines() -> [Effect] {
        search.line = nil
        contrast.filterLine = nil
        return browse.filterLine == nil ? [] : keepFilter()
    }

    private mutating func clickOnScreen(_ event: MouseEvent, isPress: Bool) -> [Effect] {
        if isPress, event.position.y == 0 { return clickTab(event.position.x) }
        if let effects = dragSplit(event) { return effects }
        if isPress, let effects = clickHeader(event.position) { return effects }
        switch screen {
        case .browse: return clickInBrowse(event)
        case .live: return clickInLive(event)
        case .contrast: return clickInContrast(event)
        case .checkpoints: return clickInCheckpoints(event)
        }
    }

    private mutating func clickTab(_ x: Int) -> [Effect] {
        var scratch = Frame(width: size.width, height: 1)
        let places = tabBar.draw(into: &scratch, in: scratch.bounds, theme: theme)
        guard let place = places.firstIndex(where: { $0.contains(x) }) else { return [] }
        return visit(Screen.allCases[place])
    }

    /// The key that a hint in the bottom line names is pressed.
    private mutating func clickHint(_ x: Int) -> [Effect] {
        let status = ScreenAreas(size).status
        guard let hint = StatusBar.line(for: self).hint(at: x, in: status, theme: theme),
            let chord = KeyChord(named: hint.key)
        else { return [] }
        return press(chord)
    }

    /// A column's title sorts by what the column shows, and once more against that.
    ///
    /// - Returns: `nil` where no title is that sorts.
    private mutating func clickHeader(_ position: Position) -> [Effect]? {
        switch screen {
        case .browse:
            guard let sort = NeuronTableView(self, BrowseLayout(self)).sort(at: position) else { return nil }
            browse.pane = .table
            return sortNeurons(by: sort)
        case .live: return nil
        case .contrast:
            guard let sort = ContrastNeuronsView(self, ContrastLayout(self)).sort(at: position) else { return nil }
            contrast.pane = .neurons
            sortContrast(by: sort)
            return []
        case .checkpoints:
            guard let sort = CheckpointsView(self).sort(at: position) else { return nil }
            checkpoints.pane = .list
            sortCheckpoints(by: sort)
            return []
        }
    }

    /// The pane under the pointer gets the focus, and nothing in it is selected.
    mutating func focusPane(at position: Position) {
        switch screen {
        case .browse: if let pane = BrowseLayout(self).pane(at: position) { browse.pane = pane }
        case .live: if let pane = LiveLayout(self).pane(at: position) { live.pane = pane }
        case .contrast: if let pane = ContrastLayout(self).pane(at: position) { contrast.pane = pane }
        case .checkpoints: if let pane = CheckpointsLayout(self).pane(at: position) { checkpoints.pane = pane }
        }
    }

    private mutating func clickInBrowse(_ event: MouseEvent) -> [Effect] {
        let layout = BrowseLayout(self)
        guard let pane = layout.pane(at: event.position) else { return [] }
        switch event.kind {
        case .wheelUp, .wheelDown:
            let rows = event.kind == .wheelUp ? -3 : 3
            switch pane {
            case .tree: browse.tree.cursor.scroll(by: rows, count: treeRows.count, height: layout.treeHeight)
            case .table: browse.cursor.scroll(by: rows, count: browse.rows.total ?? 0, height: layout.tableHeight)
            case .detail: scrollDetail(by: rows)
            case .side:
                let height = layout.neighbours.interior.height
                browse.side.scroll(by: rows, count: browse.neighbours.count, height: height)
            }
            return treeSelectionChanged()
        case .press(.left, let clicks):
            browse.pane = pane
            let y = event.position.y
            switch pane {
            case .tree:
                let row = y - layout.tree.interior.y + browse.tree.cursor.offset
                if row >= 0, row < treeRows.count {
                    browse.tree.cursor.select(row, count: treeRows.count, height: layout.treeHeight)
                }
            case .table:
                let row = y - layout.tableArea.y - 1 + browse.cursor.offset
                if y > layout.tableArea.y, row < browse.rows.total ?? 0 { selectTableRow(row) }
            case .side:
                let count = browse.neighbours.count
                let row = y - layout.neighbours.interior.y + browse.side.offset
                if row >= 0, row < count {
                    browse.side.select(row, count: count, height: layout.neighbours.interior.height)
                }
            case .detail: break
            }
            let effects = treeSelectionChanged()
            return clicks == 2 && pane != .detail ? effects + performInBrowse(.open) : effects
        default: return []
        }
    }

    private mutating func clickInLive(_ event: MouseEvent) -> [Effect] {
        let layout = LiveLayout(self)
        guard let pane = layout.pane(at: event.position) else { return [] }
        switch event.kind {
        case .wheelUp, .wheelDown:
            return under(pane, \.live.pane) { $0.performInLive(event.kind == .wheelUp ? .up : .down) }
        case .press(.left, let clicks):
            live.pane = pane
            let y = event.position.y
            switch pane {
            case .tokens:
                let area = layout.tokens.interior
                if let held = live.held {
                    let strips = AlignedStrips(self, held: held)
                    let row = live.firstTokenRow + (y - area.y) / strips.bandHeight(theme: theme)
                    let x = event.position.x - area.x - AlignedStrips.margin
                    let chip = strips.layout(width: area.width).chip(row: row, x: x)
                    if let token = chip.flatMap({ strips.columns[$0].right }) { pickToken(token) }
                    return []
                }
                let strip = LiveStrip(self).strip
                let row = live.firstTokenRow + (y - area.y) / strip.rowHeight(theme: theme)
                if let token = strip.layout(width: area.width).chip(row: row, x: event.position.x - area.x) {
                    pickToken(token)
                }
            case .atToken:
                let row = listRow(y, in: layout.atToken, from: live.atCursor)
                live.atCursor.select(row, count: live.atRows.count, height: LiveLayout.rows(of: layout.atToken))
            case .wholePrompt:
                let row = listRow(y, in: layout.wholePrompt, from: live.wholeCursor)
                live.wholeCursor.select(
                    row, count: live.wholeRows.count, height: LiveLayout.rows(of: layout.wholePrompt))
            case .meter:
                let area = layout.meter.interior
                live.meterCursor.select(
                    y - area.y + live.meterCursor.offset, count: live.categories.count, height: area.height)
            case .prompt: live.editor.click(event.position, in: layout.prompt.interior)
            case .answer: break
            }
            let opens = clicks == 2 && [.atToken, .wholePrompt, .meter].contains(pane)
            return opens ? performInLive(.open) : []
        default: return []
        }
    }

    private mutating func clickInContrast(_ event: MouseEvent) -> [Effect] {
        let layout = ContrastLayout(self)
        guard let pane = layout.pane(at: event.position) else { return [] }
        switch event.kind {
        case .wheelUp, .wheelDown:
            return under(pane, \.contrast.pane) { $0.performInContrast(event.kind == .wheelUp ? .up : .down) }
        case .press(.left, let clicks):
            contrast.pane = pane
            let y = event.position.y
            switch pane {
            case .concepts:
                let row = y - layout.conceptArea(self).y - 1 + contrast.conceptCursor.offset
                let count = contrast.conceptRows.count
                if row >= 0, row < count, row != contrast.conceptCursor.selected {
                    contrast.conceptCursor.select(row, count: count, height: layout.conceptHeight(self))
                    conceptChanged()
                }
            case .saes:
                let row = y - layout.saes.interior.y - 1 + contrast.saeCursor.offset
                if row >= 0, row < contrast.saes.count {
                    contrast.saeCursor.select(
                        row, count: contrast.saes.count, height: layout.saes.interior.height - 1)
                }
            case .neurons:
                let count = contrast.neuronRows.count
                let row = y - layout.neuronArea(self).y - 1 + contrast.neuronCursor.offset
                if row >= 0, row < count {
                    contrast.neuronCursor.select(row, count: count, height: layout.neuronHeight(self))
                }
            case .pairs: break
            }
            return clicks == 2 ? openInContrast() : []
        default: return []
        }
    }

    private mutating func clickInCheckpoints(_ event: MouseEvent) -> [Effect] {
        let layout = CheckpointsLayout(self)
        guard let pane = layout.pane(at: event.position) else { return [] }
        switch event.kind {
        case .wheelUp, .wheelDown:
            return under(pane, \.checkpoints.pane) { $0.performInCheckpoints(event.kind == .wheelUp ? .up : .down) }
        case .press(.left, let clicks):
            checkpoints.pane = pane
            let y = event.position.y
            let count = checkpoints.entries?.count ?? 0
            let row = y - layout.list.interior.y - 1 + checkpoints.cursor.offset
            if pane == .list, row >= 0, row < count {
                checkpoints.cursor.select(row, count: count, height: layout.list.interior.height - 1)
                checkpoints.detailScroll = 0
            }
            let matches = checkpoints.comparison?.matches.count ?? 0
            let match = y - layout.matches.interior.y - 1 + checkpoints.matchCursor.offset
            if pane == .matches, match >= 0, match < matches {
                checkpoints.matchCursor.select(match, count: matches, height: layout.matches.interior.height - 1)
            }
            return clicks == 2 ? performInCheckpoints(.open) : []
        default: return []
        }
    }

    /// The row of a list at a line of the screen.
    private func listRow(_ y: Int, in list: Rect, from cursor: ListCursor) -> Int {
        y - list.interior.y - LiveLayout.headerHeight(of: list) + cursor.offset
    }

    /// Does something in the pane under the pointer, which does not get the focus by that.
    private mutating func under<Pane>(
        _ pane: Pane, _ focus: WritableKeyPath<ExplorerState, Pane>, _ perform: (inout ExplorerState) -> [Effect]
    ) -> [Effect] {
        let focused = self[keyPath: focus]
        self[keyPath: focus] = pane
        defer { self[keyPath: focus] = focused }
        return perform(&self)
    }
}
