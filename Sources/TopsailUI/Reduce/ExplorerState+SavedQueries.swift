import TerminalKit
import TopsailCatalog
import TopsailCore

/// A person's filters by name: kept, chosen from, taken away.
extension ExplorerState {
    /// What is to be kept: the filter as typed, and the category that the tree has selected. `nil` where there is neither.
    var filterToSave: String? {
        var words = [browse.filterText.trimmingBlanks]
        if case .category(let slug) = browse.query.scope, browse.query.filter.tag == nil { words.append("tag:\(slug)") }
        let text = words.filter { !$0.isEmpty }.joined(separator: " ")
        return text.isEmpty ? nil : text
    }

    mutating func openQueryName() {
        guard let filter = filterToSave else { return }
        overlay = .line(LineDialog(.queryName(filter: filter), text: ""))
    }

    func saveQuery(_ filter: String, as name: String) -> [Effect] {
        name.isEmpty ? [] : [.saveQuery(SavedQuery(name: name, text: filter))]
    }

    func queryChoice(_ queries: [SavedQuery]) -> Choice {
        let items = queries.map { query in
            Choice.Item(
                .query(query), PrintableText.printable(query.name), note: PrintableText.printable(query.text),
                keywords: PrintableText.printable(query.text),
                about: [
                    "Lists all neurons that match \(PrintableText.printable(query.text))",
                    "Shell: topsail neurons --query \(query.name.shellQuoted)",
                ])
        }
        guard items.isEmpty else { return Choice(.queries, title: "Saved filters", items: items) }
        let way = Choice.Item(.action(.saveQuery), "save the filter on show", unavailable: Self.nothingToSave(self))
        return Choice(.queries, title: "There are no saved filters yet", items: [way])
    }

    static let nothingToSave: @Sendable (ExplorerState) -> String? = {
        $0.filterToSave == nil ? "there is no filter to save; / types one" : nil
    }

    /// Lists what a saved filter finds, in all of the catalog: the same as the command does.
    mutating func run(_ query: SavedQuery) -> [Effect] {
        let filter: FilterExpression
        do {
            filter = try FilterExpression.parse(query.text)
        } catch {
            say("\(query.name): \(error.description)" + (error.hint.map { " (\($0))" } ?? ""), kind: .error)
            return []
        }
        history.leave(place)
        screen = .browse
        browse.pane = .table
        browse.opened = nil
        browse.tree.cursor = ListCursor()
        browse.query.scope = .all
        browse.query.filter = filter
        browse.filterText = query.text
        record("topsail neurons --query \(query.name.shellQuoted)")
        return reload()
    }

    /// Takes the selected filter away; the list stays open for the next one.
    mutating func removeQuery(in choice: Choice) -> [Effect] {
        guard let place = choice.picker.selection, case .query(let query) = choice.items[place].value else { return [] }
        var items = choice.items
        items.remove(at: place)
        overlay = items.isEmpty ? nil : .choice(Choice(.queries, title: choice.title, items: items))
        return [.removeQuery(query.name)]
    }
}
