import Foundation
import TerminalKit
import TopsailCore
import TopsailEngine

/// What there is to say about the selected SAE, as lines made for a width.
struct CheckpointDocument {
    private(set) var lines: [StyledLine] = []
    private let theme: Theme
    private let width: Int

    private static let indent = 13

    init(_ state: ExplorerState, width: Int) {
        theme = state.theme
        self.width = max(20, min(width, 110))
        guard let entry = state.checkpoints.selected else { return }
        add(state.checkpoints.fits[entry.name], of: entry, isChecking: state.job(.fit) != nil)
        let kind = [entry.architecture, entry.k.map { "k \($0)" }, "\(entry.dIn) → \(Figures.count(entry.dSAE))"]
        add("kind", kind.compactMap { $0 }.joined(separator: " · "))
        add(
            "reads",
            [entry.hook?.description ?? "its files do not say where", entry.model].compactMap { $0 }.joined(
                separator: " of "))
        addMetrics(entry)
        if let collection = entry.collection {
            add(
                "counted over",
                "\(Figures.count(collection.countedTokens)) tokens of \(collection.corpus), contexts of \(collection.contextLength)"
            )
            if !collection.excludedTokens.isEmpty { add("not counted", collection.excludedTokens) }
        }
        add(
            "catalog",
            entry.neurons > 0
                ? "\(Figures.count(entry.neurons)) neurons; \(state.keyName(of: .open)) browses them"
                : "none of its neurons")
        add("files", entry.path.map { Self.short($0) } ?? "not here")
        for parameter in entry.parameters { add(parameter.name, parameter.value) }
        if entry.parameters.isEmpty, entry.path != nil, entry.neurons == 0 {
            add("", "\(state.keyName(of: .open)) reads what its files say.")
        }
    }

    /// A path in the person's folder begins with `~`, as it may be typed.
    private static func short(_ path: String, home: String = NSHomeDirectory()) -> String {
        home.count > 1 && path.hasPrefix(home + "/") ? "~" + path.dropFirst(home.count) : path
    }

    private mutating func add(_ label: String, _ text: String, _ style: Style? = nil) {
        let rows = TextLayout.wrap(PrintableText.printable(text), width: max(8, width - Self.indent))
        for (place, row) in rows.enumerated() {
            let head =
                place == 0 ? TextLayout.truncate(label, to: Self.indent - 1, ellipsis: theme.glyphs.ellipsis) : ""
            var line = StyledLine(TextLayout.fit(head, to: Self.indent), theme.style(.dim))
            line.append(row, style ?? theme.style(.text))
            lines.append(line)
        }
    }

    private mutating func add(_ fit: FitReport?, of entry: CheckpointEntry, isChecking: Bool) {
        guard let fit else {
            if entry.path != nil {
                add("fit", isChecking ? "being checked…" : "not checked yet; c checks it", theme.style(.dim))
            }
            return
        }
        switch fit.verdict {
        case .fits: add("fit", "it belongs to \(fit.model)", theme.style(.success))
        case .doubtful: add("fit", "doubtful: it reconstructs \(fit.model) poorly", theme.style(.warning))
        case .foreign(let why): add("fit", "it does not belong to \(fit.model): \(why)", theme.style(.warning))
        }
        let figures = [
            fit.explainedVariance.map { "explains \(Figures.share($0)) of the variance" },
            fit.l0.map { "L0 \(Figures.activation(Float($0)))" },
            fit.ceRecovered.map { "CE recovered \(Figures.share($0))" },
        ].compactMap { $0 }
        if !figures.isEmpty { add("", figures.joined(separator: ", ") + " on \(fit.tokens) tokens") }
    }

    private mutating func addMetrics(_ entry: CheckpointEntry) {
        let metrics = entry.metrics
        func figure(_ name: String, _ label: String, _ format: (Double) -> String) -> String? {
            metrics[name].map { "\(label) \(format($0))" }
        }
        let quality = [
            figure("l0", "L0") { Figures.activation(Float($0)) },
            figure("explained_variance", "explained variance", Figures.share),
            figure("mse", "MSE") { Figures.activation(Float($0)) },
            figure("dead_fraction", "dead") { Figures.percent($0) + "%" },
        ].compactMap { $0 }
        if !quality.isEmpty { add("quality", quality.joined(separator: " · ")) }
        let loss = [
            figure("ce_clean", "clean") { Figures.fixed($0, decimals: 3) },
            figure("ce_reconstructed", "through the SAE") { Figures.fixed($0, decimals: 3) },
            figure("ce_ablated", "zeros") { Figures.fixed($0, decimals: 3) },
            figure("ce_recovered", "recovered", Figures.share),
        ].compactMap { $0 }
        if !loss.isEmpty { add("CE (nats)", loss.joined(separator: " · ")) }
        let contrast = metrics.keys.filter { $0.hasPrefix("l0_t_") }.sorted().compactMap { name in
            metrics[name].map { "L0≥\(name.dropFirst(5)) \(Figures.activation(Float($0)))" }
        }
        let interpretability = [figure("i_cdf", "I_CDF", Figures.fine)].compactMap { $0 } + contrast
        if !interpretability.isEmpty { add("contrast", interpretability.joined(separator: " · ")) }
        if metrics.isEmpty {
            add("quality", "never measured: topsail evaluate and topsail contrast do", theme.style(.dim))
        }
    }
}
