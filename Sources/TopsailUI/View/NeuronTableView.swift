import TerminalKit
import TopsailCore

/// Draws the table of neurons, its filter line, and what it says when it is empty.
struct NeuronTableView {
    let state: ExplorerState
    let layout: BrowseLayout

    init(_ state: ExplorerState, _ layout: BrowseLayout) {
        self.state = state
        self.layout = layout
    }

    private var theme: Theme { state.theme }
    private var browse: BrowseState { state.browse }

    func draw(into frame: inout Frame, isFocused: Bool) {
        PaneBox(title: title, note: order, isFocused: isFocused).draw(into: &frame, in: layout.table, theme: theme)
        if browse.rows.total == 0 {
            frame.putParagraphs(emptyWords, in: layout.tableArea, style: theme.style(.dim))
        } else {
            drawRows(into: &frame, isFocused: isFocused)
        }
        // Last, because the terminal's cursor belongs where typing goes.
        drawFilterLine(into: &frame)
    }

    /// What the columns show, and what they sort by; the label's order is what suits the question.
    private var columns: [(column: Table.Column, sort: NeuronQuery.Sort?)] {
        let width = layout.tableArea.width
        let idWidth = state.summary.map(Self.idWidth) ?? 5
        // The label is what people read; it keeps a dozen columns before figures get any more.
        var columns: [(Table.Column, NeuronQuery.Sort?)] = [
            (.number("id", width: idWidth, priority: 3), .id), (.number("max", width: 5, priority: 2), .max),
            (.number("dens%", width: 5, priority: width >= 32 ? 2 : 0), .density),
        ]
        if showsScore { columns.append((.number("score", width: 5), .score)) }
        columns.append((.text("label", minimum: 9, priority: 3), nil))
        return columns
    }

    private var showsScore: Bool { layout.tableArea.width >= 36 }

    /// What a click on the header sorts by; the inner `nil` is the order that suits the question.
    func sort(at position: Position) -> NeuronQuery.Sort?? {
        guard position.y == layout.tableArea.y, browse.rows.total ?? 0 > 0 else { return nil }
        let columns = columns
        return Table(columns.map(\.column))
            .column(at: position.x, from: layout.tableArea.x, width: layout.tableArea.width).map { columns[$0].sort }
    }

    private func drawRows(into frame: inout Frame, isFocused: Bool) {
        Table(columns.map(\.column)).draw(
            into: &frame, in: layout.tableArea, count: browse.rows.total ?? 0, cursor: browse.cursor, theme: theme,
            isFocused: isFocused && browse.filterLine == nil
        ) { index in
            guard let entry = browse.rows[index] else {
                return Table.Row([Table.Field(theme.glyphs.ellipsis, style: theme.style(.dim))])
            }
            return row(entry)
        }
    }

    private func row(_ entry: NeuronEntry) -> Table.Row {
        let missing = theme.glyphs.missing
        let label = entry.label.map { PrintableText.printable($0) }
        var fields = [
            Table.Field(state.name(of: entry.key)), Table.Field(entry.max.map { Figures.activation($0) } ?? missing),
            Table.Field(entry.density.map { Figures.percent($0) } ?? missing),
        ]
        if showsScore { fields.append(Table.Field(entry.score.map { Figures.share($0) } ?? missing)) }
        let style = theme.style(label == nil ? .dim : entry.isHumanLabel ? .marked : .text)
        fields.append(Table.Field(label ?? missing, style: style, matches: label.map { matches(in: $0) } ?? []))
        return Table.Row(fields, isMarked: browse.marks.contains(entry.key))
    }

    /// Offsets of the filter's words in a label.
    private func matches(in label: String) -> [Int] {
        let words = browse.query.filter.words
        guard !words.isEmpty else { return [] }
        let folded = Array(label.lowercased())
        guard folded.count == label.count else { return [] }
        return words.lowercased().split(separator: " ").flatMap { word -> [Int] in
            let wanted = Array(word)
            guard folded.count >= wanted.count else { return [] }
            let start = (0...folded.count - wanted.count).first { folded[$0..<$0 + wanted.count].elementsEqual(wanted) }
            return start.map { Array($0..<$0 + wanted.count) } ?? []
        }
    }

    private static func idWidth(_ summary: LibrarySummary) -> Int {
        let digits = String(max(9, (summary.saes.map(\.dSAE).max() ?? 1) - 1)).count
        if summary.saes.count <= 1 { return max(4, digits) }
        let prefix =
            summary.saes.map { sae in
                sae.isDefault && sae.hook != nil ? String(sae.hook!.layer).count : min(12, sae.name.count)
            }.max() ?? 2
        return prefix + 1 + digits
    }

    /// What is on show: `Neurons 153 /sorry`.
    private var title: String {
        let scope = browse.query.scope
        let name = scope == .all ? "Neurons" : PrintableText.printable(state.label(of: scope))
        let count = browse.rows.total.map { " " + Figures.count($0) } ?? ""
        let filter =
            browse.filterText.isEmpty || browse.filterLine != nil
            ? "" : " /" + PrintableText.printable(browse.filterText)
        // Count and filter say what is on show; where there is little room the name gives way.
        let room = layout.table.width - 4 - DisplayWidth.of(count + filter)
        return TextLayout.truncate(name, to: max(4, room), ellipsis: theme.glyphs.ellipsis) + count + filter
    }

    private var order: String {
        let order = browse.rows.otherOrder ?? browse.query.order
        let whole = order.rawValue
        let word = DisplayWidth.of(title + whole) + 8 <= layout.table.width ? whole : order.shortName
        return "\(word) \(browse.query.isDescending ? "↓" : "↑")"
    }

    private var emptyWords: [String] {
        if let problem = browse.filterProblem {
            return ["\(problem.description).", problem.hint.map { "\($0)." } ?? ""]
        }
        if !browse.filterText.isEmpty {
            let of =
                browse.query.scope == .all ? "" : " in \(PrintableText.printable(state.label(of: browse.query.scope)))"
            let filter = PrintableText.printable(browse.filterText.trimmingBlanks)
            let best = browse.rows.best.map { " Highest \($0.words)." } ?? ""
            return ["No neurons\(of) match “\(filter)”.\(best)", "", "\(state.clearingKeyName) clears the filter."]
        }
        switch browse.query.scope {
        case .all:
            return [
                "The catalog has no neurons yet.", "", "topsail pipeline fills it from a model and an SAE;",
                "topsail import brings what others collected.",
            ]
        case .tagged:
            return [
                "You have not tagged anything yet.", "", "\(state.keyName(of: .tag)) on a neuron puts a tag on it.",
            ]
        case .untagged: return ["Every neuron carries a tag."]
        case .list:
            return ["Nothing is on this list.", "", "\(state.keyName(of: .addToList)) on a neuron puts it on one."]
        case .category:
            return [
                "No neuron carries this category yet.", "", "\(state.keyName(of: .tag)) on a neuron puts it there.",
            ]
        }
    }

    private func drawFilterLine(into frame: inout Frame) {
        guard let line = browse.filterLine else { return }
        frame.put("/", at: layout.filterArea.origin, style: theme.style(.accent), clip: layout.filterArea)
        line.draw(into: &frame, in: layout.filterEditor, theme: theme, placeholder: "words max>5 dens<.1")
    }
}
