import TerminalKit
import TopsailCore
import TopsailEngine

/// The neurons behind a score of the meter, with the sum that makes it.
extension ExplorerState {
    private static let barWidth = 6

    func evidenceChoice(_ category: CategoryScore) -> Choice {
        let shown = category.evidence + category.opposing.reversed()
        let most = shown.map { abs($0.contribution) }.max() ?? 0
        let items = shown.map { evidence in
            let key = live.key(of: evidence.feature)
            let label = labels[key]?.text ?? theme.glyphs.missing
            return Choice.Item(
                .neuron(key), "\(name(of: key))  \(PrintableText.printable(label))",
                note: evidenceFigures(evidence, most: most), about: evidenceWords(category, shown))
        }
        let score = Figures.share(Double(category.score))
        return Choice(.evidence(category.slug), title: "\(category.label) \(score) (\(category.basis))", items: items)
    }

    /// `+1.24 ██▌     18.2  [27]`, each at its width.
    private func evidenceFigures(_ evidence: CategoryScore.Evidence, most: Double) -> String {
        func right(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let bar = theme.glyphs.horizontalBar(
            most > 0 ? abs(evidence.contribution) / most : 0, width: Self.barWidth)
        return right(Self.signed(evidence.contribution), 6) + " " + TextLayout.fit(bar, to: Self.barWidth)
            + right(Figures.activation(evidence.feature.activation), 6) + right("[\(evidence.token)]", 7)
    }

    private func evidenceWords(_ category: CategoryScore, _ shown: [CategoryScore.Evidence]) -> [String] {
        let score = Figures.share(Double(category.score))
        guard let sum = category.sum else {
            let total = shown.reduce(0) { $0 + $1.contribution }
            return [
                "A rule of thumb: these add up to \(Figures.fixed(total, decimals: 2)), which makes \(score).",
                "Columns: the square of ×q, at most 4; the activation; its token.",
            ]
        }
        // What is on the screen adds up on the screen.
        let named = shown.reduce(0) { $0 + Self.rounded($1.contribution) }
        let others = Self.rounded(sum.logOdds) - Self.rounded(sum.bias) - named
        return [
            "bias \(Self.signed(sum.bias)), listed \(Self.signed(named)), rest \(Self.signed(others)): "
                + "log-odds \(Self.signed(sum.logOdds)), score \(score)",
            "Columns: log-odds added (weight × pooled activation); highest activation; its token.",
        ]
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    /// `+1.24`, `−0.30`.
    private static func signed(_ value: Double) -> String {
        (rounded(value) < 0 ? "−" : "+") + Figures.fixed(abs(value), decimals: 2)
    }
}
