import TerminalKit
import TopsailCore

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
            return keepFilter()
        case "Esc":
            browse.filterLine = nil
            browse.filterProblem = nil
            guard !browse.filterText.isEmpty else { return [] }
            browse.filterText = ""
            browse.query.filter = FilterExpression()
            return reload(keeping: browse.selected?.key)
        case "Tab": return completeFilter()
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

    /// Closes the line, and remembers what was typed.
    mutating func keepFilter() -> [Effect] {
        // One that cannot be read stays open, with what is wrong in the line below.
        if browse.filterProblem != nil { return [] }
        let before = browse.filterHistory.entries
        browse.filterHistory.record(browse.filterText)
        browse.filterLine = nil
        record(browse.query.command)
        let entries = browse.filterHistory.entries
        return entries == before ? [] : [.saveFilters(entries)]
    }

    /// Completes the word before the cursor as far as all completions agree; then says which there are.
    private mutating func completeFilter() -> [Effect] {
        guard let word = browse.filterLine?.wordBeforeCursor, !word.isEmpty else { return [] }
        let fitting = FilterCompletion(categories: categories, saes: summary?.saes ?? []).candidates(for: word)
        guard let first = fitting.first else {
            say("nothing begins with “\(PrintableText.printable(word))”")
            return []
        }
        let common = fitting.reduce(first) { $0.commonPrefix(with: $1) }
        guard common.count > word.count else {
            if fitting.count > 1 { say(FilterCompletion.words(for: fitting)) }
            return []
        }
        browse.filterLine?.insert(String(common.dropFirst(word.count)))
        return filterTyped()
    }
}
