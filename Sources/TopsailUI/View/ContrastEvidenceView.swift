import TerminalKit
import TopsailCore
import TopsailEngine

/// Draws what the pairs say about the selected neuron: both sides, and what chance would give.
struct ContrastEvidenceView {
    private let state: ExplorerState
    private var theme: Theme { state.theme }
    private var contrast: ContrastState { state.contrast }

    init(_ state: ExplorerState) { self.state = state }

    private static let labelWidth = 9
    private static let sideWidth = 8

    func draw(into frame: inout Frame, in rect: Rect) {
        let title = contrast.selectedNeuron.map { state.name(of: $0) } ?? "Evidence"
        let inside = PaneBox(
            title: title, note: contrast.finding.map { "\($0.pairs) pairs" } ?? "", isFocused: false
        ).draw(into: &frame, in: rect, theme: theme)
        guard let neuron = contrast.selected else {
            return frame.putParagraphs(["No neuron is selected."], in: inside, style: theme.style(.dim))
        }
        var area = inside
        _ = area.cutLeft(1)
        let figures = figures(neuron)
        let isWide = area.width >= Self.twoColumns
        let sides = sides(neuron.evidence, width: isWide ? area.width / 2 : area.width)
        // Side by side where there is room: a zoomed list leaves few rows.
        let right = isWide ? area.cutRight(area.width / 2) : area
        let columns = isWide ? [(area, sides), (right, figures)] : [(area, sides + figures)]
        for (place, lines) in columns {
            for (row, line) in lines.prefix(place.height).enumerated() { line.draw(into: &frame, in: place.row(row)) }
        }
    }

    private static let twoColumns = 52

    private func figures(_ neuron: ContrastFinding.Neuron) -> [StyledLine] {
        let evidence = neuron.evidence
        func share(_ value: Double?) -> String { value.map { Figures.share($0) } ?? theme.glyphs.missing }
        let texts = contrast.finding.map { "\(Figures.count($0.backgroundTexts)) texts" } ?? ""
        return [
            line("effect d", share(evidence.effectSize), "paired"),
            line("AUROC", share(evidence.auroc), ""),
            line(
                "held out", share(evidence.heldOut?.auroc),
                evidence.heldOut.map { "freq \(Figures.share($0.frequency))" } ?? "not chosen"),
            line(
                "shuffled", share(evidence.exchanged?.mean),
                evidence.exchanged.map { "95% ≤\(Figures.share($0.limit))" } ?? ""),
            line("chance q", Figures.chance(neuron.qValue), texts),
        ]
    }

    private func line(_ label: String, _ value: String, _ words: String) -> StyledLine {
        var line = StyledLine(TextLayout.fit(label, to: Self.labelWidth), theme.style(.dim))
        line.append(TextLayout.fit(value, to: 6), theme.style(.text))
        line.append(words, theme.style(.dim))
        return line
    }

    // MARK: Histograms

    /// Texts by activation, with and without the concept, on one scale.
    private func sides(_ evidence: ContrastEvidence, width: Int) -> [StyledLine] {
        let with = contrast.isSwapped ? evidence.absent : evidence.present
        let without = contrast.isSwapped ? evidence.present : evidence.absent
        let highest = max(with.max() ?? 0, without.max() ?? 0)
        let bins = max(5, min(16, width - Self.sideWidth - 10))
        let counts = [with, without].map { Self.counts($0, highest: highest, bins: bins) }
        let most = max(1, counts.joined().max() ?? 1)
        let means =
            contrast.isSwapped
            ? [evidence.meanAbsent, evidence.meanPresent] : [evidence.meanPresent, evidence.meanAbsent]
        var lines = zip(["with", "without"], zip(counts, means)).map { label, side in
            var line = StyledLine(TextLayout.fit(label, to: Self.sideWidth), theme.style(.dim))
            let bars = side.0.map { theme.glyphs.bar(Double($0) / Double(most)) }.joined()
            line.append(bars, theme.style(label == "with" ? .accent : .text))
            line.append(" mean ", theme.style(.dim))
            line.append(Figures.share(side.1), theme.style(.text))
            return line
        }
        let unit = contrast.finding?.isNormalised == true ? " ×q" : ""
        let high = Figures.share(Double(highest))
        lines.append(
            StyledLine(
                TextLayout.fit("", to: Self.sideWidth) + "0"
                    + String(repeating: " ", count: max(1, bins - 1 - DisplayWidth.of(high))) + high + unit,
                theme.style(.dim)))
        return lines
    }

    private static func counts(_ values: [Float], highest: Float, bins: Int) -> [Int] {
        var counts = Array(repeating: 0, count: bins)
        for value in values {
            let place = highest > 0 ? Int(value / highest * Float(bins)) : 0
            counts[min(bins - 1, max(0, place))] += 1
        }
        return counts
    }
}
