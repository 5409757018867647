import TerminalKit
import TopsailCatalog
import TopsailCore

/// The text of the detail pane as lines, made for a width.
///
/// The first screenful holds some of everything; the contexts that had no room there follow below.
struct DetailDocument {
    private(set) var lines: [StyledLine] = []
    private let theme: Theme
    private let width: Int
    private let showsBars: Bool

    /// - Parameters:
    ///   - width: Columns inside of the pane's border.
    ///   - height: Rows on show, which decides how many contexts stand above the figures.
    init(_ state: ExplorerState, width: Int, height: Int) {
        theme = state.theme
        self.width = max(1, width)
        showsBars = state.showsBars || state.theme.needsBarRow
        guard let detail = state.browse.detail else { return }
        let layout = BrowseLayout(state)
        addExplanations(detail)
        addTags(detail)
        let head = lines
        lines = []
        addFigures(detail, in: state.summary?.sae(named: detail.key.sae))
        if !layout.hasSide || state.browse.isZoomed {
            addLogits(detail)
            addNeighbours(detail, state)
        }
        addNotes(detail)
        let figures = lines
        lines = head
        let rowsPerContext = contextRows(first: true)
        let room = max(3 * rowsPerContext, height - head.count - figures.count)
        let above = min(detail.contexts.count, max(3, room / rowsPerContext))
        let scale = detail.contexts.map { abs($0.max) }.max() ?? 0
        for context in detail.contexts.prefix(above) { add(context, scale: scale) }
        if detail.contexts.isEmpty { lines.append(StyledLine("no contexts were collected", theme.style(.dim))) }
        lines += figures
        if above < detail.contexts.count {
            lines.append(heading("more contexts"))
            for context in detail.contexts.dropFirst(above) { add(context, scale: scale) }
        }
    }

    private func heading(_ text: String) -> StyledLine { StyledLine(text, theme.style(.heading)) }

    /// A short word at the left, what it names in the rest; further lines hang under the first.
    private mutating func add(_ label: String, _ pieces: [StyledLine.Piece], wrap: Bool = true) {
        let indent = 5
        var line = StyledLine(TextLayout.fit(label, to: indent), theme.style(.dim))
        for piece in pieces {
            if wrap, line.width + DisplayWidth.of(piece.text) > width, line.width > indent {
                lines.append(line)
                line = StyledLine(String(repeating: " ", count: indent))
            }
            line.append(piece.text, piece.style)
        }
        lines.append(line)
    }
}

// MARK: Words

extension DetailDocument {
    private mutating func addExplanations(_ detail: NeuronProfile) {
        for (place, explanation) in detail.explanations.enumerated() {
            guard let text = explanation.text else { continue }
            let shown = PrintableText.printable(text, keepingNewlines: true)
            for row in TextLayout.wrap(shown, width: min(width, 100)) {
                lines.append(StyledLine(row, place == 0 ? theme.style(.text) : theme.style(.dim)))
            }
            lines.append(StyledLine(TextLayout.truncate(source(of: explanation), to: width), theme.style(.heuristic).adding(.dim)))
        }
        if detail.explanations.isEmpty {
            lines.append(StyledLine(TextLayout.truncate("not explained yet; e writes your own", to: width), theme.style(.dim)))
        }
    }

    /// `auto (tokens) · simulation .82 (n 400)`; a person's own words are `yours`.
    private func source(of explanation: NeuronExplanation) -> String {
        let author = explanation.source == NeuronExplanation.humanSource ? "yours" : "auto (\(explanation.source))"
        let scores = explanation.scores.map { score in
            "\(score.scorer) \(Figures.share(score.value))" + (score.samples.map { " n \(Figures.shortCount($0))" } ?? "")
        }
        return "— " + ([author] + (scores.isEmpty ? ["no score"] : scores)).joined(separator: " · ")
    }

    private mutating func addTags(_ detail: NeuronProfile) {
        guard !detail.tags.isEmpty else { return }
        let pieces = detail.tags.flatMap { tag -> [StyledLine.Piece] in
            let sources = (tag.isHuman ? ["you"] : []) + Set(tag.evidence.map(\.source.rawValue)).sorted()
            let by = tag.isRejected ? "you took it off" : sources.joined(separator: "+")
            let style = tag.isRejected ? theme.style(.dim) : theme.style(tag.isHuman ? .marked : .accent)
            return [
                .init(text: PrintableText.printable(tag.label), style: style),
                .init(text: " (\(by))  ", style: theme.style(.dim)),
            ]
        }
        add("tags", pieces)
    }

    private mutating func addNotes(_ detail: NeuronProfile) {
        for note in detail.notes {
            let shown = PrintableText.printable(note, keepingNewlines: true)
            for (place, row) in TextLayout.wrap(shown, width: max(8, min(width - 5, 100))).enumerated() {
                var line = StyledLine(place == 0 ? "note " : "     ", theme.style(.dim))
                line.append(row, theme.style(.text))
                lines.append(line)
            }
        }
    }
}

// MARK: Contexts

extension DetailDocument {
    private static let valueWidth = 6

    /// Rows of text that one context may take: wide panes show more of each side.
    private var textRows: Int { width >= 110 ? 3 : width >= 50 ? 2 : 1 }

    private func contextRows(first: Bool) -> Int { textRows * (showsBars ? 2 : 1) }

    /// The tokens around the peak, with heat, beside the peak's value.
    private mutating func add(_ context: NeuronProfile.Context, scale: Float) {
        let room = max(8, min(width, 112) - Self.valueWidth)
        guard let peak = context.peak, !context.tokens.isEmpty else { return }
        let window = ContextWindow(context, around: peak, columns: room, rows: textRows, ellipsis: theme.glyphs.ellipsis)
        for (place, row) in window.rows.enumerated() {
            let value = place == 0 ? TextLayout.fit(Figures.activation(context.max), to: Self.valueWidth - 1, alignment: .trailing) + " " : String(repeating: " ", count: Self.valueWidth)
            var line = StyledLine(value, context.band == 0 ? theme.style(.text) : theme.style(.dim))
            var bars = StyledLine(String(repeating: " ", count: Self.valueWidth))
            for cell in row {
                let level = scale > 0 ? Double(abs(cell.activation) / scale) : 0
                line.append(cell.text, theme.heat(level, sign: .init(of: cell.activation)))
                bars.append(String(repeating: theme.glyphs.bar(level), count: DisplayWidth.of(cell.text)))
            }
            lines.append(line)
            if showsBars { lines.append(bars) }
        }
    }
}

// MARK: Figures

extension DetailDocument {
    private mutating func addFigures(_ detail: NeuronProfile, in sae: LibrarySAE?) {
        let dim = theme.style(.dim)
        let plain = theme.style(.text)
        if let histogram = detail.histogram, histogram.counts.contains(where: { $0 > 0 }) {
            let edges = histogram.edges
            let range = " \(Figures.activation(Float(edges[0]))) … \(Figures.activation(Float(edges[edges.count - 1])))"
            let columns = max(4, min(histogram.counts.count, width - 5 - DisplayWidth.of(range)))
            add("hist", [.init(text: Sparkline.text(histogram.counts.map(Double.init), columns: columns, theme: theme), style: theme.style(.accent)), .init(text: range, style: dim)], wrap: false)
        }
        if let density = detail.statistics.density {
            var pieces = [StyledLine.Piece(text: "\(Figures.percent(density))%", style: plain)]
            if let counted = sae?.countedTokens {
                pieces.append(.init(text: " of \(Figures.count(counted)) counted tokens", style: dim))
            }
            if let excluded = sae?.excludedTokens {
                pieces.append(.init(text: ";", style: dim))
                for word in "\(PrintableText.printable(excluded)) left out".split(separator: " ") {
                    pieces.append(.init(text: " \(word)", style: dim))
                }
            }
            add("dens", pieces)
        }
        let facts = [
            detail.statistics.maxActivation.map { ("max ", Figures.activation($0)) },
            detail.statistics.q999.map { ("q.999 ", Figures.activation($0)) },
            detail.statistics.meanPositive.map { ("mean ", Figures.activation($0)) },
        ].compactMap { $0 }
        if !facts.isEmpty {
            add("act", facts.flatMap { [.init(text: $0.0, style: dim), .init(text: $0.1 + "  ", style: plain)] })
        }
    }

    private mutating func addLogits(_ detail: NeuronProfile) {
        for (label, effects) in [("+", detail.promoted), ("−", detail.suppressed)] where !effects.isEmpty {
            let pieces = effects.prefix(10).map { effect in
                StyledLine.Piece(
                    text: "\(PrintableText.chip(effect.text)) \(Figures.share(Double(abs(effect.value))))  ",
                    style: theme.style(.text))
            }
            add("\(label)log", firstRow(of: pieces), wrap: false)
        }
    }

    /// As many pieces as one line holds.
    private func firstRow(of pieces: [StyledLine.Piece]) -> [StyledLine.Piece] {
        var used = 5
        return Array(
            pieces.prefix { piece in
                used += DisplayWidth.of(piece.text)
                return used - 2 <= width
            })
    }

    private mutating func addNeighbours(_ detail: NeuronProfile, _ state: ExplorerState) {
        guard !detail.similar.isEmpty else { return }
        if width < 50 {
            let pieces = detail.similar.prefix(8).flatMap { near in
                [StyledLine.Piece(text: "\(state.name(of: near.key)) \(Figures.share(Double(near.cosine)))  ", style: theme.style(.text))]
            }
            add("near", firstRow(of: pieces), wrap: false)
            return
        }
        for (place, near) in detail.similar.prefix(5).enumerated() {
            let name = TextLayout.fit(state.name(of: near.key), to: 8, alignment: .trailing)
            let label = PrintableText.printable(near.label ?? theme.glyphs.missing)
            add(
                place == 0 ? "near" : "",
                [
                    .init(text: "\(name) \(Figures.share(Double(near.cosine)))  ", style: theme.style(.text)),
                    .init(text: TextLayout.truncate(label, to: max(4, width - 20), ellipsis: theme.glyphs.ellipsis), style: theme.style(.dim)),
                ], wrap: false)
        }
    }
}
