import TerminalKit
import TopsailCore

/// Searching in the text of a neuron's page, of a checkpoint's, or of an answer.
extension ExplorerState {
    /// A pane of running text that has the focus.
    private struct TextPane {
        var lines: [StyledLine]
        /// Inside the border.
        var area: Rect
        var scroll: WritableKeyPath<ExplorerState, Int>
    }

    private var textPane: TextPane? {
        switch screen {
        case .browse where browse.pane == .detail && browse.detail != nil:
            let area = BrowseLayout(self).detail.interior
            let lines = DetailDocument(self, width: area.width, height: area.height).lines
            return TextPane(lines: lines, area: area, scroll: \.browse.detailScroll)
        case .live where live.pane == .answer && !live.answerText.isEmpty:
            let area = LiveLayout(self).answer.interior
            return TextPane(lines: AnswerDocument(self, width: area.width).lines, area: area, scroll: \.answerTop)
        case .checkpoints where checkpoints.pane == .details && checkpoints.selected != nil:
            let area = CheckpointsLayout(self).details.interior
            let lines = CheckpointDocument(self, width: area.width).lines
            return TextPane(lines: lines, area: area, scroll: \.checkpoints.detailScroll)
        default: return nil
        }
    }

    /// Why no text can be searched here; `nil` where one can.
    var nothingToSearch: String? { textPane == nil ? "there is no text to search in this pane" : nil }

    mutating func openSearch() {
        guard let pane = textPane else { return }
        search.line = TextEditor("", isSingleLine: true)
        search.start = self[keyPath: pane.scroll]
    }

    mutating func pressInSearch(_ chord: KeyChord) -> [Effect] {
        switch chord {
        case "Enter":
            search.line = nil
            let matches = textPane.map { TextMatches(of: search.words, in: $0.lines) }
            if !search.words.isEmpty, matches?.places.isEmpty ?? true {
                say("“\(PrintableText.printable(search.words))” is not in this text")
                search.words = ""
            }
        case "Esc":
            if let pane = textPane { self[keyPath: pane.scroll] = search.start }
            search = TextSearch()
        default:
            if search.line?.handle(chord) == .changed { searchTyped() }
        }
        return []
    }

    /// Where the line is typed; `nil` while it is closed.
    var searchLineArea: Rect? {
        search.line == nil ? nil : textPane.map { TextSearch.lineArea(in: $0.area) }
    }

    /// Goes to the first match from where the pane stood.
    mutating func searchTyped() {
        search.words = search.line?.text ?? ""
        guard let pane = textPane else { return }
        let places = TextMatches(of: search.words, in: pane.lines).places
        search.current = places.firstIndex { $0.line >= search.start } ?? 0
        guard !places.isEmpty else {
            self[keyPath: pane.scroll] = search.start
            return
        }
        reveal(places[search.current].line, in: pane)
    }

    /// Goes to the next match or the one before, round the ends of the text.
    mutating func goToMatch(by step: Int) {
        guard let pane = textPane else { return }
        let places = TextMatches(of: search.words, in: pane.lines).places
        guard !places.isEmpty else {
            say("“\(PrintableText.printable(search.words))” is not in this text")
            return
        }
        let from = min(search.current, places.count - 1)
        search.current = ((from + step) % places.count + places.count) % places.count
        if places.count == 1 { say("it stands here only") }
        if places.count > 1, (step > 0) != (search.current > from) {
            say(step > 0 ? "from the top again" : "from the end again")
        }
        reveal(places[search.current].line, in: pane)
    }

    /// Scrolls as little as is needed to bring a line well into view.
    private mutating func reveal(_ line: Int, in pane: TextPane) {
        let top = self[keyPath: pane.scroll]
        // The last row is the one typed into.
        let height = max(1, pane.area.height - (search.line == nil ? 0 : 1))
        if (top..<top + height).contains(line) { return }
        self[keyPath: pane.scroll] = min(max(0, line - height / 3), max(0, pane.lines.count - pane.area.height))
    }
}
