import TerminalKit

/// Borders between panes: moved by keys and by the mouse, and remembered.
extension ExplorerState {
    /// Makes the pane with the focus larger, or smaller.
    mutating func resizePane(isLarger: Bool) -> [Effect] {
        guard let (placed, growsForward) = splitOfFocus else { return [] }
        let stride = placed.axis == .columns ? 2 : 1
        guard move(placed, to: placed.moved + (isLarger == growsForward ? stride : -stride) * step) else {
            say(isLarger ? "there is no more room for this pane" : "this pane cannot be smaller")
            return []
        }
        return [.saveSplits(splits)]
    }

    /// All borders back to where they stand by themselves.
    mutating func resetPanes() -> [Effect] {
        splits = [:]
        say("all panes have the size they had at first")
        return [.saveSplits(splits)]
    }

    /// Takes a border, moves it or lets go of it.
    ///
    /// - Returns: `nil` when the event means something else.
    mutating func dragSplit(_ event: MouseEvent) -> [Effect]? {
        switch event.kind {
        case .press(.left, let clicks):
            guard let placed = placedSplits.first(where: { $0.area.contains(event.position) }) else { return nil }
            guard clicks < 2 else {
                drag = nil
                splits[placed.split] = nil
                return [.saveSplits(splits)]
            }
            drag = SplitDrag(split: placed.split, start: placed.coordinate(of: event.position), moved: placed.moved)
            focusPane(at: event.position)
            return []
        case .drag: return follow(event.position) ? [] : nil
        case .release(.left):
            // Where the terminal does not report the way, it reports the end.
            guard follow(event.position), let drag else { return nil }
            self.drag = nil
            return drag.moved == splits[drag.split] ?? 0 ? [] : [.saveSplits(splits)]
        default: return nil
        }
    }

    /// - Returns: Whether a border is under the mouse.
    private mutating func follow(_ position: Position) -> Bool {
        guard let drag, let placed = placedSplits.first(where: { $0.split == drag.split }) else {
            drag = nil
            return false
        }
        _ = move(placed, to: drag.moved + placed.coordinate(of: position) - drag.start)
        return true
    }

    /// - Returns: Whether it could be moved at all.
    private mutating func move(_ placed: PlacedSplit, to wanted: Int) -> Bool {
        splits[placed.split] = wanted
        // What there was no room for is forgotten, so that the next step back is seen.
        let moved = placedSplits.first { $0.split == placed.split }?.moved ?? placed.moved
        splits[placed.split] = moved == 0 ? nil : moved
        return moved != placed.moved
    }
}

extension PlacedSplit {
    fileprivate func coordinate(of position: Position) -> Int { axis == .columns ? position.x : position.y }
}
