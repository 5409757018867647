import TerminalKit
import TopsailEngine

/// Keys on the fourth screen, and what comes back.
extension ExplorerState {
    mutating func enterCheckpoints() -> [Effect] {
        guard !checkpoints.isOpened else { return [] }
        checkpoints.isOpened = true
        record("topsail sae list")
        return [.loadCheckpoints]
    }

    mutating func performInCheckpoints(_ action: Action) -> [Effect] {
        switch action {
        case .up: moveInCheckpoints(by: -step)
        case .down: moveInCheckpoints(by: step)
        case .pageUp, .halfPageUp: moveInCheckpoints(by: -max(1, checkpointsPaneHeight / (action == .pageUp ? 1 : 2)))
        case .pageDown, .halfPageDown:
            moveInCheckpoints(by: max(1, checkpointsPaneHeight / (action == .pageDown ? 1 : 2)))
        case .first: moveInCheckpoints(by: -(1 << 40))
        case .last: moveInCheckpoints(by: 1 << 40)
        case .left: checkpoints.pane = .list
        case .right, .nextPane: cycleCheckpointsPane(by: 1)
        case .previousPane: cycleCheckpointsPane(by: -1)
        case .zoom: checkpoints.isZoomed.toggle()
        case .open: return openInCheckpoints()
        case .back: return stepOutOfCheckpoints()
        case .sort:
            let all = CheckpointsState.Sort.allCases
            checkpoints.sort = all[(all.firstIndex(of: checkpoints.sort)! + 1) % all.count]
            checkpoints.isReversed = false
            checkpoints.order()
        case .reverseSort:
            checkpoints.isReversed.toggle()
            checkpoints.order()
        case .mark: markCheckpoint()
        case .compare: return compareMarked()
        case .checkFit:
            guard let entry = checkpoints.selected else { return [] }
            begin(.fit, "fit check of \(entry.name)")
            record("topsail sae check \(entry.name.shellQuoted)")
            return [.checkFit(entry)]
        case .openFile: overlay = .line(LineDialog(.checkpoint, text: ""))
        default: break
        }
        return []
    }

    private var checkpointsPaneHeight: Int {
        let layout = CheckpointsLayout(self)
        switch checkpoints.pane {
        case .list: return layout.list.interior.height - 1
        case .details: return layout.details.interior.height
        case .matches: return layout.matches.interior.height - 1
        }
    }

    private mutating func moveInCheckpoints(by rows: Int) {
        let height = checkpointsPaneHeight
        switch checkpoints.pane {
        case .list:
            checkpoints.cursor.move(by: rows, count: checkpoints.entries?.count ?? 0, height: height)
            checkpoints.detailScroll = 0
        case .details: scrollCheckpoint(by: rows)
        case .matches:
            checkpoints.matchCursor.move(by: rows, count: checkpoints.comparison?.matches.count ?? 0, height: height)
        }
    }

    mutating func scrollCheckpoint(by rows: Int) {
        let area = CheckpointsLayout(self).details.interior
        let last = CheckpointDocument(self, width: area.width).lines.count - area.height
        let (wanted, isTooFar) = checkpoints.detailScroll.addingReportingOverflow(rows)
        checkpoints.detailScroll = min(max(0, isTooFar ? 0 : wanted), max(0, last))
    }

    private mutating func cycleCheckpointsPane(by step: Int) {
        let panes = CheckpointsLayout(self).panes
        let place = panes.firstIndex(of: checkpoints.pane) ?? 0
        checkpoints.pane = panes[(place + step + panes.count) % panes.count]
    }

    /// What a click on a header does: that order, or against it when it is there already.
    mutating func sortCheckpoints(by sort: CheckpointsState.Sort) {
        checkpoints.isReversed = checkpoints.sort == sort ? !checkpoints.isReversed : false
        checkpoints.sort = sort
        checkpoints.order()
    }

    private mutating func openInCheckpoints() -> [Effect] {
        if checkpoints.pane == .matches, let comparison = checkpoints.comparison,
            comparison.matches.indices.contains(checkpoints.matchCursor.selected)
        {
            let match = comparison.matches[checkpoints.matchCursor.selected]
            return open(NeuronKey(sae: comparison.first, index: match.first))
        }
        guard let entry = checkpoints.selected else { return [] }
        guard entry.neurons > 0 else {
            guard let path = entry.path else {
                say("the files of \(entry.name) are not here")
                return []
            }
            checkpoints.pane = .details
            return [.openCheckpoint(path)]
        }
        return showNeurons(ofSAE: entry.name)
    }

    /// Browse, narrowed to one SAE.
    private mutating func showNeurons(ofSAE name: String) -> [Effect] {
        history.leave(place)
        screen = .browse
        browse.filterText = "sae:\(name)"
        browse.query.filter = (try? FilterExpression.parse(browse.filterText)) ?? FilterExpression()
        browse.pane = .table
        return reload()
    }

    /// One step out: error, work, zoom, comparison, marks, pane.
    private mutating func stepOutOfCheckpoints() -> [Effect] {
        if dismissError() { return [] }
        for kind in [Job.Kind.comparison, .fit] where job(kind) != nil { return cancel(kind) }
        if checkpoints.pane == .details, !search.words.isEmpty {
            search = TextSearch()
        } else if checkpoints.isZoomed {
            checkpoints.isZoomed = false
        } else if checkpoints.comparison != nil {
            checkpoints.comparison = nil
            checkpoints.pane = .list
        } else if !checkpoints.marks.isEmpty {
            checkpoints.marks = []
        } else if checkpoints.pane != .list {
            checkpoints.pane = .list
        }
        return []
    }

    private mutating func markCheckpoint() {
        guard let name = checkpoints.selected?.name else { return }
        if let place = checkpoints.marks.firstIndex(of: name) {
            checkpoints.marks.remove(at: place)
        } else {
            if checkpoints.marks.count == 2 { checkpoints.marks.removeFirst() }
            checkpoints.marks.append(name)
        }
        checkpoints.pane = .list
        moveInCheckpoints(by: 1)
    }

    private mutating func compareMarked() -> [Effect] {
        guard let (first, second) = checkpoints.pair else { return [] }
        begin(.comparison, "comparison of \(first.name) and \(second.name)")
        return [.compare(first, second)]
    }

    mutating func receive(_ comparison: CheckpointComparison) -> [Effect] {
        end(.comparison)
        checkpoints.comparison = comparison
        checkpoints.matchCursor = ListCursor()
        checkpoints.isZoomed = false
        checkpoints.pane = .matches
        let shown = comparison.matches.prefix(200)
        let keys = shown.flatMap {
            [NeuronKey(sae: comparison.first, index: $0.first), NeuronKey(sae: comparison.second, index: $0.second)]
        }
        return [.loadLabels(keys.filter { labels[$0] == nil })]
    }

    mutating func receive(_ fit: FitReport) {
        end(.fit)
        checkpoints.fits[fit.sae] = fit
        checkpoints.detailScroll = 0
        switch fit.verdict {
        case .fits: say("\(fit.sae) fits \(fit.model)", kind: .success)
        case .doubtful: say("\(fit.sae) reconstructs \(fit.model) poorly", kind: .warning)
        case .foreign(let why): say("\(fit.sae) does not belong to \(fit.model): \(why)", kind: .error)
        }
    }

    mutating func settleCheckpoints() -> [Effect] {
        guard screen == .checkpoints, !isTooSmall else { return [] }
        let layout = CheckpointsLayout(self)
        if !layout.panes.contains(checkpoints.pane) { checkpoints.pane = .list }
        checkpoints.cursor.reveal(count: checkpoints.entries?.count ?? 0, height: layout.list.interior.height - 1)
        checkpoints.matchCursor.reveal(
            count: checkpoints.comparison?.matches.count ?? 0, height: layout.matches.interior.height - 1)
        guard let entry = checkpoints.selected, entry.neurons > 0, checkpoints.densities[entry.name] == nil,
            checkpoints.wantedDensities != entry.name
        else { return [] }
        checkpoints.wantedDensities = entry.name
        return [.loadDensities(entry.name)]
    }
}
