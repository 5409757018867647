import TerminalKit
import TopsailCore
import TopsailEngine

/// Draws the third screen.
struct ContrastView {
    let state: ExplorerState
    let layout: ContrastLayout

    init(_ state: ExplorerState) {
        self.state = state
        layout = ContrastLayout(state)
    }

    private var theme: Theme { state.theme }
    private var contrast: ContrastState { state.contrast }

    private func hasFocus(_ pane: ContrastState.Pane) -> Bool { state.overlay == nil && contrast.pane == pane }

    func draw(into frame: inout Frame) {
        if !layout.concepts.isEmpty { drawConcepts(into: &frame) }
        if !layout.saes.isEmpty { drawSAEs(into: &frame) }
        if !layout.neurons.isEmpty { drawNeurons(into: &frame) }
        if !layout.pairs.isEmpty { PairsView(state).draw(into: &frame, in: layout.pairs, isFocused: hasFocus(.pairs)) }
    }

    // MARK: Concepts

    private func drawConcepts(into frame: inout Frame) {
        let isFocused = hasFocus(.concepts)
        let title = contrast.concepts.isEmpty ? "Concepts" : "Concepts \(contrast.concepts.count)"
        let inside = PaneBox(title: title, isFocused: isFocused).draw(into: &frame, in: layout.concepts, theme: theme)
        guard let pairs = contrast.pairs else {
            return frame.putParagraphs(["Reading the pairs…"], in: inside, style: theme.style(.dim))
        }
        guard !pairs.isEmpty else {
            return frame.putParagraphs(
                [
                    "There are no contrast pairs here.", "",
                    "n writes one: a prompt with the concept, and the same without it.", "o opens a file of them.",
                ],
                in: inside, style: theme.style(.dim))
        }
        Table([
            .text("concept", minimum: 10, priority: 3), .number("pairs", width: 5),
            .number("found", width: 5, priority: 2),
        ])
        .draw(
            into: &frame, in: inside, count: contrast.concepts.count, cursor: contrast.conceptCursor, theme: theme,
            isFocused: isFocused
        ) { index in
            let concept = contrast.concepts[index]
            let finding = contrast.finding(concept.slug, sae: contrast.sae)
            let found = finding.map { String($0.neurons.count(where: \.isChosen)) }
            let isOwn = concept.pairs.allSatisfy { pairs[$0].isOwn }
            return Table.Row([
                Table.Field(
                    PrintableText.printable(state.conceptLabel(concept.slug)),
                    style: theme.style(isOwn ? .marked : .text)),
                Table.Field("\(concept.pairs.count)", style: theme.style(.dim)),
                Table.Field(found ?? "", style: theme.style(.accent)),
            ])
        }
    }

    // MARK: SAEs

    private func drawSAEs(into frame: inout Frame) {
        let isFocused = hasFocus(.saes)
        let concept = contrast.concept.map { state.conceptLabel($0.slug) } ?? "SAEs"
        let reads = contrast.finding.map { "\($0.pairs) pairs" } ?? ""
        let inside = PaneBox(title: PrintableText.printable(concept), note: reads, isFocused: isFocused)
            .draw(into: &frame, in: layout.saes, theme: theme)
        guard !contrast.saes.isEmpty else {
            let words =
                state.job(.contrast) == nil
                ? "Enter reads the pairs of this concept, R those of all." : "The first concept is being read."
            return frame.putParagraphs([words], in: inside, style: theme.style(.dim))
        }
        var columns: [Table.Column] = [
            .text("SAE", minimum: 8, priority: 3), .number("I_CDF", width: 6, priority: 3),
        ]
        // What chance gives stands beside each count: the same with the roles exchanged.
        columns += ContrastFinding.thresholds.map {
            .number("L0≥\(Figures.share($0))", width: 8, priority: $0 == 0.5 ? 2 : 1)
        }
        if inside.width >= 60 { columns.append(.number("mean I_CDF", width: 10)) }
        Table(columns).draw(
            into: &frame, in: inside, count: contrast.saes.count, cursor: contrast.saeCursor, theme: theme,
            isFocused: isFocused
        ) { index in
            let sae = contrast.saes[index]
            let finding = contrast.concept.flatMap { contrast.finding($0.slug, sae: sae) }
            let missing = theme.glyphs.missing
            let name = TextLayout.truncateStart(
                PrintableText.printable(sae), to: max(8, inside.width - 35 - (inside.width >= 60 ? 11 : 0)),
                ellipsis: theme.glyphs.ellipsis)
            var fields = [
                Table.Field(name), Table.Field(finding.map { Figures.fine($0.iCDF) } ?? missing),
            ]
            for place in ContrastFinding.thresholds.indices {
                let count = finding?.counts[place]
                fields.append(Table.Field(count.map { "\($0.neurons) (\($0.reversed))" } ?? missing))
            }
            if let mean = contrast.meanICDF(of: sae) {
                fields.append(Table.Field("\(Figures.fine(mean.value)) n\(mean.concepts)", style: theme.style(.dim)))
            }
            return Table.Row(fields)
        }
    }

    // MARK: Neurons

    private func drawNeurons(into frame: inout Frame) {
        let isFocused = hasFocus(.neurons)
        let finding = contrast.finding
        let chosen = finding?.neurons.count(where: \.isChosen) ?? 0
        let title = finding.map { _ in "Neurons: \(chosen) pass" } ?? "Neurons"
        let isCoarse = Set(contrast.findings.keys.map(\.concept)).count < contrast.concepts.count
        let note =
            finding.map { "chance from \(Figures.count($0.backgroundTexts)) texts" + (isCoarse ? ", R adds" : "") }
            ?? ""
        let inside = PaneBox(title: title, note: layout.neurons.width >= 46 ? note : "", isFocused: isFocused)
            .draw(into: &frame, in: layout.neurons, theme: theme)
        guard let finding else {
            return frame.putParagraphs(emptyWords, in: inside, style: theme.style(.dim))
        }
        guard !finding.neurons.isEmpty else {
            return frame.putParagraphs(
                ["No neuron of this SAE fires only where the concept is."], in: inside, style: theme.style(.dim))
        }
        let idWidth = finding.neurons.prefix(200).map { state.name(of: key($0, finding)).count }.max() ?? 4
        let highest = finding.neurons.map(\.effect).max() ?? 0
        let barWidth = inside.width >= 64 ? 8 : 0
        var columns: [Table.Column] = [
            .number("id", width: idWidth, priority: 4), .number("freq", width: 4, priority: 3),
            .number("rev", width: 4, priority: 3),
            .number(finding.isNormalised ? "eff×q" : "effect", width: 6, priority: 2),
        ]
        if barWidth > 0 { columns.append(Table.Column("", .fixed(barWidth))) }
        columns.append(.number("q", width: 5, priority: 2))
        columns.append(.text("label", minimum: 8, priority: 3))
        Table(columns).draw(
            into: &frame, in: inside, count: finding.neurons.count, cursor: contrast.neuronCursor, theme: theme,
            isFocused: isFocused
        ) { index in
            row(finding.neurons[index], of: finding, highest: highest, barWidth: barWidth)
        }
    }

    private func key(_ neuron: ContrastFinding.Neuron, _ finding: ContrastFinding) -> NeuronKey {
        NeuronKey(sae: finding.sae, index: neuron.index)
    }

    private func row(
        _ neuron: ContrastFinding.Neuron, of finding: ContrastFinding, highest: Double, barWidth: Int
    ) -> Table.Row {
        let key = key(neuron, finding)
        let label = state.labels[key]?.text.map { PrintableText.printable($0) }
        let isTagged = state.labels[key]?.categories.contains(finding.concept) == true
        // What does not pass the selection is faint; the words in the title say how many do.
        let style = theme.style(neuron.isChosen ? .text : .dim)
        var fields = [
            Table.Field(state.name(of: key), style: style), Table.Field(Figures.share(neuron.frequency), style: style),
            Table.Field(Figures.share(neuron.reverseFrequency), style: theme.style(.dim)),
            Table.Field(
                finding.isNormalised ? Figures.share(neuron.effect) : Figures.activation(Float(neuron.effect)),
                style: style),
        ]
        if barWidth > 0 {
            let level = highest > 0 ? max(0, neuron.effect) / highest : 0
            fields.append(Table.Field(theme.glyphs.horizontalBar(level, width: barWidth), style: theme.style(.accent)))
        }
        fields.append(Table.Field(Figures.chance(neuron.qValue), style: style))
        let sign = isTagged ? theme.glyphs.star + " " : ""
        fields.append(Table.Field(sign + (label ?? theme.glyphs.missing), style: style))
        return Table.Row(fields, isMarked: contrast.marks.contains(key))
    }

    private var emptyWords: [String] {
        if let job = state.job(.contrast) {
            let words = job.progress.map { "\(Figures.count($0.done)) of \(Figures.count($0.of)) texts are read." }
            return [words ?? "", "", "Esc stops; what was found stays."]
        }
        guard contrast.concept != nil else { return [] }
        return [
            "Enter reads this concept's pairs with the model and lists the neurons that fire where the concept is and are silent where it is not.",
            "", "freq  share of pairs that a neuron tells apart", "rev   the same with the roles exchanged: chance",
            "q     expected share of chance finds",
        ]
    }
}

/// Draws the pairs of the selected concept, with the words in which the two prompts differ.
struct PairsView {
    private let state: ExplorerState
    private var theme: Theme { state.theme }

    init(_ state: ExplorerState) { self.state = state }

    func draw(into frame: inout Frame, in rect: Rect, isFocused: Bool) {
        let pairs = state.contrast.shownPairs
        let cursor = state.contrast.pairCursor
        let note = state.contrast.file.map { PrintableText.printable($0) } ?? ""
        let title = pairs.isEmpty ? "Pairs" : "Pair \(cursor.selected + 1) of \(pairs.count)"
        let inside = PaneBox(title: title, note: note, isFocused: isFocused).draw(into: &frame, in: rect, theme: theme)
        guard !pairs.isEmpty else { return }
        let width = max(8, min(inside.width - 4, 100))
        let blocks = pairs.indices.map { lines(of: pairs[$0], width: width) }
        var first = cursor.selected
        // Pairs before the selected one are shown as far as there is room for it whole.
        var used = blocks[cursor.selected].count
        while first > 0, used + blocks[first - 1].count + 1 <= inside.height, cursor.selected - first < 1 {
            first -= 1
            used += blocks[first].count + 1
        }
        if cursor.selected == 0 { first = 0 }
        var y = inside.y
        for index in first..<pairs.count {
            let isSelected = index == cursor.selected
            for line in blocks[index] {
                guard y < inside.maxY else { return }
                let row = Rect(x: inside.x + 2, y: y, width: inside.width - 2, height: 1)
                if isSelected {
                    frame.put(
                        theme.glyphs.selectionMark, at: Position(x: inside.x, y: y),
                        style: theme.style(isFocused ? .accent : .dim), clip: inside)
                    if isFocused, frame.cursor == nil { frame.cursor = Position(x: inside.x, y: y) }
                }
                line.draw(into: &frame, in: row)
                y += 1
            }
            y += 1
        }
    }

    private func lines(of pair: PromptPair, width: Int) -> [StyledLine] {
        let present = pair.present.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let absent = pair.absent.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let columns = Alignment.of(present, absent)
        let same = columns.filter { column in
            guard let left = column.left, let right = column.right else { return false }
            return present[left] == absent[right]
        }
        let left = Set(present.indices).subtracting(same.compactMap(\.left))
        let right = Set(absent.indices).subtracting(same.compactMap(\.right))
        return wrapped(present, differing: left, sign: "+", width: width)
            + wrapped(absent, differing: right, sign: theme.glyphs.minus, width: width)
    }

    private func wrapped(_ words: [String], differing: Set<Int>, sign: String, width: Int) -> [StyledLine] {
        var lines: [StyledLine] = []
        var line = StyledLine(sign + " ", theme.style(.heading))
        for (index, word) in words.enumerated() {
            let shown = TextLayout.truncate(PrintableText.printable(word), to: width, ellipsis: theme.glyphs.ellipsis)
            if line.width > 2, line.width + 1 + DisplayWidth.of(shown) > width + 2 {
                lines.append(line)
                line = StyledLine("  ")
            } else if line.width > 2 {
                line.append(" ")
            }
            line.append(shown, differing.contains(index) ? theme.style(.match).adding([.underline, .bold]) : .plain)
        }
        return lines + [line]
    }
}
