import TerminalKit

/// Going to neurons, and back to where one was.
extension ExplorerState {
    /// Shows a neuron in Browse, whether the table has it or not; where it has, the table goes there.
    mutating func open(_ key: NeuronKey) -> [Effect] {
        history.leave(place)
        record("topsail neuron \(fullName(of: key).shellQuoted)")
        screen = .browse
        overlay = nil
        browse.pane = .detail
        browse.detailScroll = 0
        if let row = browse.rows.position(of: key), !browse.isStale {
            browse.opened = nil
            selectTableRow(row)
            return []
        }
        browse.opened = key
        return reload(keeping: key)
    }

    mutating func travel(isBack: Bool) -> [Effect] {
        let here = place
        guard let target = isBack ? history.back.popLast() : history.forward.popLast() else { return [] }
        if isBack { history.forward.append(here) } else { history.back.append(here) }
        screen = target.screen
        browse.pane = target.pane
        contrast.pane = target.contrastPane
        if contrast.conceptCursor.selected != target.concept {
            contrast.conceptCursor = ListCursor(selected: target.concept, offset: contrast.conceptCursor.offset)
            conceptChanged()
        }
        browse.opened = target.opened
        browse.detailScroll = target.detailScroll
        browse.tree.cursor = target.treeCursor
        let isSameQuery = browse.query == target.query
        browse.query = target.query
        browse.filterText = target.filterText
        browse.cursor = target.cursor
        return isSameQuery ? [] : reload(keeping: target.selected)
    }
}
