import TerminalKit
import TopsailCore
import TopsailEngine

/// One prompt on a page: its tokens with their strongest neuron, the strongest neurons of the whole, the category meter.
struct LivePage {
    let status: LiveStatus
    let report: LiveReport
    let loading: Duration
    let names: NeuronNames
    let labels: LabelTable
    /// Neurons of the whole prompt that are listed.
    let limit: Int

    private var peaks: ArraySlice<StrongestNeurons.Peak> { StrongestNeurons(report).peaks.prefix(limit) }

    var document: JSONText {
        let neurons = peaks.map { peak in
            JSONText.object([
                "neuron": names.id(peak.feature).description, "label": labels[peak.feature],
                "max": peak.feature.activation, "normalised": peak.feature.normalised, "token": peak.token,
            ])
        }
        let categories = report.categories.map { (slug: $0.slug, score: $0.score) }
        return .object([
            "model": status.modelName, "saes": status.saes.map(\.name), "tokens": report.tokens.map(\.text),
            "top": neurons, "categories": JSONText.object(categories.map { ($0.slug, .float($0.score)) }),
            "loading_seconds": loading.inSeconds, "seconds": report.elapsed.inSeconds,
        ])
    }

    func print() {
        StandardOutput.line("\(PrintableText.printable(status.modelName)) with \(saes)")
        StandardOutput.line("")
        Columns.print(
            [["token", "strongest neuron", "activation", "stands for"]] + report.tokens.map(tokenRow), rightAligned: [2]
        )
        StandardOutput.line("")
        StandardOutput.line("Strongest neurons of the prompt (activation as a share of the neuron's 0.999 quantile):")
        Columns.print(peaks.map(peakRow), rightAligned: [1])
        StandardOutput.line("")
        let basis = report.categories.first?.basis ?? "none"
        StandardOutput.line("Categories (from tagged neurons, \(basis), 0 to 1; comparable between prompts):")
        Columns.print(report.categories.map { [bar($0.score), Figures.short($0.score), $0.label] })
        StandardOutput.line("")
        StandardOutput.line(
            "\(report.tokens.count) tokens in \(Figures.time(report.elapsed)), after \(Figures.time(loading)) of loading"
        )
    }

    private var saes: String {
        status.saes.map { "\(PrintableText.printable($0.name)) (\($0.dSAE) neurons at \($0.hook))" }.joined(
            separator: ", ")
    }

    private func tokenRow(_ token: LiveToken) -> [String] {
        guard let feature = token.features.first else { return [PrintableText.chip(token.text), "–", "–", "–"] }
        let remark = token.isCounted ? labels[feature] ?? "–" : "(not counted: attention sink, template or special)"
        return [
            PrintableText.chip(token.text), names.id(feature).description, Figures.short(feature.activation), remark,
        ]
    }

    private func peakRow(_ peak: StrongestNeurons.Peak) -> [String] {
        [
            names.id(peak.feature).description, Figures.short(peak.feature.normalised),
            "on " + PrintableText.chip(report.tokens[peak.token].text), labels[peak.feature] ?? "–",
        ]
    }

    private func bar(_ score: Float) -> String {
        let filled = Int((min(max(score, 0), 1) * 20).rounded())
        return String(repeating: "█", count: filled) + String(repeating: "·", count: 20 - filled)
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
