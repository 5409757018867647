import TerminalKit
import TopsailEngine

/// What sets the SAEs apart: explained variance against L0, or by layer where all are equally sparse.
struct CheckpointPlot {
    private struct Item {
        var name: String
        var l0: Double
        var layer: Int?
        var variance: Double
    }

    private let items: [Item]
    private let selected: String?
    private let theme: Theme

    init(_ entries: [CheckpointEntry], selected: String?, theme: Theme) {
        items = entries.compactMap { entry in
            guard let variance = entry.metrics["explained_variance"],
                let l0 = entry.metrics["l0"] ?? entry.k.map(Double.init), l0 > 0
            else { return nil }
            return Item(name: entry.name, l0: l0, layer: entry.hook?.layer, variance: variance)
        }
        self.selected = selected
        self.theme = theme
    }

    /// L0s that differ by less are the same on any axis.
    private static let leastSpread = 1.05

    /// The L0 that all have, where it is one and they read different layers.
    private var commonL0: Double? {
        guard let low = items.map(\.l0).min(), let high = items.map(\.l0).max(), high < low * Self.leastSpread,
            items.allSatisfy({ $0.layer != nil }), Set(items.map(\.layer)).count > 1
        else { return nil }
        return high
    }

    var title: String {
        commonL0.map { "EV by layer, L0 \(Figures.activation(Float($0)))" } ?? "EV against L0"
    }

    func draw(into frame: inout Frame, in rect: Rect) {
        guard !items.isEmpty else {
            return frame.putParagraphs(
                ["No SAE here was evaluated.", "topsail evaluate measures one."], in: rect, style: theme.style(.dim))
        }
        let isByLayer = commonL0 != nil
        let points = items.map { isByLayer ? byLayer($0) : byL0($0) }
        // The selected one is drawn last, over its neighbours.
        LinePlot(
            points.filter { $0.sign != theme.glyphs.knob } + points.filter { $0.sign == theme.glyphs.knob },
            isLogarithmic: !isByLayer
        ).draw(
            into: &frame, in: rect, theme: theme,
            formatX: { isByLayer ? "\(Int($0.rounded()))" : Figures.activation(Float($0)) },
            formatY: { Figures.share($0) })
    }

    /// Filled and on the line: none is at least as sparse and explains more.
    private func byL0(_ item: Item) -> LinePlot.Point {
        let isBest = !items.contains { $0.l0 <= item.l0 && $0.variance > item.variance }
        return point(item, x: item.l0, isOnLine: isBest)
    }

    /// Filled and on the line: the best of its layer.
    private func byLayer(_ item: Item) -> LinePlot.Point {
        let isBest = !items.contains { $0.layer == item.layer && $0.variance > item.variance }
        return point(item, x: Double(item.layer ?? 0), isOnLine: isBest)
    }

    private func point(_ item: Item, x: Double, isOnLine: Bool) -> LinePlot.Point {
        let isSelected = item.name == selected
        return LinePlot.Point(
            x: x, y: item.variance,
            sign: isSelected ? theme.glyphs.knob : isOnLine ? theme.glyphs.on : theme.glyphs.off,
            style: theme.style(isSelected ? .accent : .text), isOnLine: isOnLine)
    }
}
