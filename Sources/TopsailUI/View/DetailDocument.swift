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
    private let contextView: BrowseState.ContextView
    /// A tall pane has room for more than one row of bars.
    private let histogramRows: Int

    /// - Parameters:
    ///   - width: Columns inside of the pane's border.
    ///   - height: Rows on show, which decides how many contexts stand above the figures.
    init(_ state: ExplorerState, width: Int, height: Int) {
        theme = state.theme
        self.width = max(1, width)
        showsBars = state.showsBars || state.theme.needsBarRow
        contextView = state.browse.contextView
        histogramRows = height >= 40 ? 4 : 1
        guard let detail = state.browse.detail else { return }
        let layout = BrowseLayout(state)
        addExplanations(detail, state)
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
        if let veil = state.veil {
            let name = state.label(of: .category(veil))
            for row in TextLayout.wrap(
                "The texts of \(name) are hidden; \(state.keyName(of: .unveil)) shows those of this neuron.",
                width: self.width)
            {
                lines.append(StyledLine(row, theme.style(.heuristic)))
            }
            lines += figures
            addOrigin(state.summary?.sae(named: detail.key.sae))
            return
        }
        let rowsPerContext = contextRows + (detail.contexts.contains { $0.item != nil } ? 1 : 0)
        let room = max(3 * rowsPerContext, height - head.count - figures.count)
        let top = detail.contexts.filter { $0.band == 0 }
        let above = min(top.count, max(3, room / rowsPerContext))
        let scale = detail.contexts.map { abs($0.max) }.max() ?? 0
        for context in top.prefix(above) { add(context, scale: scale) }
        if detail.contexts.isEmpty { lines.append(StyledLine("no contexts were collected", theme.style(.dim))) }
        lines += figures
        if above < top.count {
            lines.append(heading("more of the strongest"))
            for context in top.dropFirst(above) { add(context, scale: scale) }
        }
        addSamples(detail, scale: scale)
        addOrigin(state.summary?.sae(named: detail.key.sae))
    }

    private func heading(_ text: String) -> StyledLine { StyledLine(text, theme.style(.heading)) }

    /// Columns of the words at the left.
    private static let indent = 7

    /// A short word at the left, what it names in the rest; further lines hang under the first.
    private mutating func add(_ label: String, _ pieces: [StyledLine.Piece], wrap: Bool = true) {
        let indent = Self.indent
        var line = StyledLine(TextLayout.fit(label, to: indent), theme.style(.dim))
        for piece in pieces {
            let shown = piece.text.trimmingBlanksAtEnd
            if wrap, line.width + DisplayWidth.of(shown) > width, line.width > indent {
                lines.append(line)
                line = StyledLine(String(repeating: " ", count: indent))
                line.append(String(piece.text.drop { $0 == " " }), piece.style)
            } else {
                line.append(piece.text, piece.style)
            }
        }
        lines.append(line)
    }
}

// MARK: Words

extension DetailDocument {
    private mutating func addExplanations(_ detail: NeuronProfile, _ state: ExplorerState) {
        for (place, explanation) in detail.explanations.enumerated() {
            guard let text = explanation.text else { continue }
            let shown = PrintableText.printable(text, keepingNewlines: true)
            for row in TextLayout.wrap(shown, width: min(width, 100)) {
                lines.append(StyledLine(row, place == 0 ? theme.style(.text) : theme.style(.dim)))
            }
            let source = TextLayout.truncate(source(of: explanation), to: width, ellipsis: theme.glyphs.ellipsis)
            lines.append(StyledLine(source, theme.style(.heuristic).adding(.dim)))
        }
        if detail.explanations.isEmpty {
            let words = "not explained yet; \(state.keyName(of: .explain)) writes your own"
            lines.append(StyledLine(TextLayout.truncate(words, to: width), theme.style(.dim)))
        }
    }

    /// `auto (tokens) · simulation .82 (n 400)`; a person's own words are `yours`.
    private func source(of explanation: NeuronExplanation) -> String {
        let author = explanation.person ?? "auto (\(explanation.source))"
        let scores = explanation.scores.map { score in
            let name = width < 40 ? String(score.scorer.prefix(3)) : score.scorer
            return "\(name) \(Figures.share(score.value))"
                + (score.samples.map { " n \(Figures.shortCount($0))" } ?? "")
        }
        return ([author] + (scores.isEmpty ? ["no score"] : scores)).joined(separator: " · ")
    }

    private mutating func addTags(_ detail: NeuronProfile) {
        if !detail.lists.isEmpty {
            add(
                "lists",
                detail.lists.map { .init(text: PrintableText.printable($0) + "  ", style: theme.style(.marked)) })
        }
        guard !detail.tags.isEmpty else { return }
        let tags = TagRows(detail.tags, theme: theme)
        // In a small pane a neuron of many categories would leave no room for what it fires on.
        let isWhole = width >= 50 || contextView == .full
        add("tags", isWhole ? tags.all : tags.pieces(rows: 3, width: width - Self.indent))
    }

    private mutating func addNotes(_ detail: NeuronProfile) {
        for note in detail.notes {
            let shown = PrintableText.printable(note, keepingNewlines: true)
            let rows = TextLayout.wrap(shown, width: max(8, min(width - Self.indent, 100)))
            for (place, row) in rows.enumerated() {
                var line = StyledLine(TextLayout.fit(place == 0 ? "note" : "", to: Self.indent), theme.style(.dim))
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
    private var textRows: Int {
        switch contextView {
        case .snippet: 1
        case .stacked: width >= 110 ? 3 : width >= 50 ? 2 : 1
        case .full: 64
        }
    }

    /// Rows that a context is expected to take.
    private var contextRows: Int { min(textRows, 4) * (showsBars ? 2 : 1) }

    /// Contexts sampled from weaker activations, by how strong they are: what a neuron does most of the time.
    private mutating func addSamples(_ detail: NeuronProfile, scale: Float) {
        let samples = detail.contexts.filter { $0.band > 0 }
        for band in Set(samples.map(\.band)).sorted() {
            let (low, high) = (scale / Float(1 << min(band + 1, 24)), scale / Float(1 << min(band, 24)))
            let words = "sampled between \(Figures.activation(low)) and \(Figures.activation(high))"
            lines.append(heading(TextLayout.truncate(words, to: width, ellipsis: theme.glyphs.ellipsis)))
            for context in samples where context.band == band { add(context, scale: scale) }
        }
    }

    private func valueColumn(_ figure: String, _ context: NeuronProfile.Context) -> StyledLine {
        let value = TextLayout.fit(figure, to: Self.valueWidth - 1, alignment: .trailing) + " "
        return StyledLine(value, context.band == 0 ? theme.style(.text) : theme.style(.dim))
    }

    /// What an item is called, beside its largest activation; its positions follow below.
    private mutating func add(item: String, of context: NeuronProfile.Context) {
        var line = valueColumn(Figures.activation(context.max), context)
        let label = PrintableText.printable(item)
        let room = max(1, width - Self.valueWidth)
        line.append(TextLayout.truncate(label, to: room, ellipsis: theme.glyphs.ellipsis), theme.style(.text))
        lines.append(line)
    }

    /// The tokens around the peak, with heat, beside the peak's value.
    private mutating func add(_ context: NeuronProfile.Context, scale: Float) {
        let room = max(8, min(width, 112) - Self.valueWidth)
        guard let peak = context.peak, !context.tokens.isEmpty else { return }
        let window = ContextWindow(
            context, around: peak, columns: room, rows: textRows, ellipsis: theme.glyphs.ellipsis)
        if let item = context.item { add(item: item, of: context) }
        for (place, row) in window.rows.enumerated() {
            let figure = place == 0 && context.item == nil ? Figures.activation(context.max) : ""
            var line = valueColumn(figure, context)
            var bars = StyledLine(String(repeating: " ", count: Self.valueWidth))
            for cell in row {
                let level = scale > 0 ? Double(abs(cell.activation) / scale) : 0
                line.append(cell.text, theme.heat(level, sign: .init(of: cell.activation)))
                bars.append(String(repeating: theme.glyphs.bar(level), count: DisplayWidth.of(cell.text)))
            }
            lines.append(line)
            // A row on which the neuron is silent needs no bars.
            if showsBars, row.contains(where: { $0.activation != 0 }) { lines.append(bars) }
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
            // The last bin ends above the largest activation there was.
            let last = min(Float(edges[edges.count - 1]), detail.statistics.maxActivation ?? .infinity)
            let range = " \(Figures.activation(Float(edges[0]))) … \(Figures.activation(last))"
            let columns = max(4, min(histogram.counts.count, width - Self.indent - DisplayWidth.of(range)))
            let rows = Sparkline.rows(
                histogram.counts.map(Double.init), columns: columns, height: histogramRows, theme: theme)
            for (place, bars) in rows.enumerated() {
                let isLast = place == rows.count - 1
                add(
                    isLast ? "hist" : "",
                    [.init(text: bars, style: theme.style(.accent)), .init(text: isLast ? range : "", style: dim)],
                    wrap: false)
            }
        }
        if let density = detail.statistics.density {
            var pieces = [StyledLine.Piece(text: "\(Figures.percent(density))%", style: plain)]
            let words = sae?.countedTokens.map { "of \(Figures.count($0)) \(sae?.countedUnit ?? "")" } ?? ""
            pieces += words.split(separator: " ").map { .init(text: " \($0)", style: dim) }
            add("dens", pieces)
        }
        let facts = [
            detail.statistics.maxActivation.map { ("max ", Figures.activation($0)) },
            detail.statistics.q999.map { ("q.999 ", Figures.activation($0)) },
            detail.statistics.meanPositive.map { ("mean ", Figures.activation($0)) },
        ].compactMap { $0 }
        let heat = detail.contexts.map { abs($0.max) }.max().map { [("heat 0 … ", Figures.activation($0))] } ?? []
        if !(facts + heat).isEmpty {
            add("act", (facts + heat).map { .init(text: $0.0 + $0.1 + "  ", style: plain) })
        }
    }

    /// Which tokens the figures above leave out.
    private mutating func addExclusions(_ sae: LibrarySAE?) {
        guard let excluded = sae?.excludedTokens, !excluded.isEmpty else { return }
        let words = PrintableText.printable(excluded)
        let rows = TextLayout.wrap(words, width: max(8, min(width - Self.indent, 100)))
        for (place, row) in rows.enumerated() {
            lines.append(
                StyledLine(TextLayout.fit(place == 0 ? "skips" : "", to: Self.indent) + row, theme.style(.dim)))
        }
    }

    /// What the figures above are worth: which tokens they leave out, and where they come from.
    private mutating func addOrigin(_ sae: LibrarySAE?) {
        addExclusions(sae)
        addProvenance(sae)
    }

    /// What the SAE is and where its figures come from.
    private mutating func addProvenance(_ sae: LibrarySAE?) {
        for (place, fact) in (sae?.provenance ?? []).enumerated() {
            let rows = TextLayout.wrap(PrintableText.printable(fact), width: max(8, min(width - Self.indent, 100)))
            for (row, text) in rows.enumerated() {
                let label = TextLayout.fit(place == 0 && row == 0 ? "from" : "", to: Self.indent)
                lines.append(StyledLine(label + text, theme.style(.dim)))
            }
        }
    }

    private mutating func addLogits(_ detail: NeuronProfile) {
        for (label, effects) in [("logit+", detail.promoted), ("logit−", detail.suppressed)] where !effects.isEmpty {
            let pieces = effects.prefix(10).flatMap { effect -> [StyledLine.Piece] in
                let value = Figures.signed(abs(effect.value)).dropFirst()
                return [
                    .init(text: PrintableText.chip(effect.text), style: theme.style(.text)),
                    .init(text: " \(value)  ", style: theme.style(.dim)),
                ]
            }
            add(label, firstRow(of: pieces), wrap: false)
        }
    }

    /// As many pieces as one line holds.
    private func firstRow(of pieces: [StyledLine.Piece]) -> [StyledLine.Piece] {
        var used = Self.indent
        var shown: [StyledLine.Piece] = []
        // A token and its figure come in pairs; half a pair would mislead.
        for pair in stride(from: 0, to: pieces.count - 1, by: 2) {
            let width = pieces[pair...pair + 1].reduce(0) { $0 + DisplayWidth.of($1.text) }
            guard used + width - 2 <= self.width else { break }
            shown += pieces[pair...pair + 1]
            used += width
        }
        return shown
    }

    private mutating func addNeighbours(_ detail: NeuronProfile, _ state: ExplorerState) {
        add(detail.similar, "near", state)
        add(detail.coactive, "with", state)
    }

    /// Related neurons under a word: `near` by what they write, `with` by when they fire.
    private mutating func add(_ related: [NeuronProfile.Neighbour], _ label: String, _ state: ExplorerState) {
        guard !related.isEmpty else { return }
        if width < 50 {
            let pieces = related.prefix(8).flatMap { near -> [StyledLine.Piece] in
                [
                    .init(text: state.name(of: near.key), style: theme.style(.text)),
                    .init(text: " \(Figures.share(Double(near.cosine)))  ", style: theme.style(.dim)),
                ]
            }
            add(label, firstRow(of: pieces), wrap: false)
            return
        }
        let nameWidth = related.prefix(5).map { state.name(of: $0.key).count }.max() ?? 4
        for (place, near) in related.prefix(5).enumerated() {
            let name = TextLayout.fit(state.name(of: near.key), to: nameWidth, alignment: .trailing)
            let figure = TextLayout.fit(Figures.share(Double(near.cosine)), to: 4, alignment: .trailing)
            let words = PrintableText.printable(near.label ?? theme.glyphs.missing)
            let room = max(4, width - Self.indent - nameWidth - 7)
            add(
                place == 0 ? label : "",
                [
                    .init(text: "\(name) \(figure)  ", style: theme.style(.text)),
                    .init(
                        text: TextLayout.truncate(words, to: room, ellipsis: theme.glyphs.ellipsis),
                        style: theme.style(.dim)),
                ], wrap: false)
        }
    }
}

extension String {
    fileprivate var trimmingBlanksAtEnd: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

extension NeuronExplanation {
    /// Which person wrote it; `nil` for a machine.
    var person: String? {
        switch source {
        case Self.humanSource: "yours"
        case Self.readerSource: "by a reader"
        default: nil
        }
    }
}
