import Foundation
import TopsailCore

/// One page that needs nothing else: no script, no font, no picture from elsewhere. Colours follow the reader's light or
/// dark setting.
struct HTMLWriter {
    private let texts: ExportTexts

    init(_ texts: ExportTexts) { self.texts = texts }

    func write(_ neurons: SelectedNeurons, to file: ExportFile, _ count: () throws -> Void) throws {
        try file.write(HTMLPage.head(title: "\(neurons.count) neurons"))
        try neurons.forEachDetail { neuron in
            try file.write(article(neuron))
            try count()
        }
        try file.write(HTMLPage.foot)
    }

    private func article(_ neuron: ExportedNeuron) -> String {
        let detail = neuron.detail
        let row = detail.row
        var parts = ["<article id=\"\(HTMLPage.escaped(row.id.description))\">"]
        parts.append("<h2>\(HTMLPage.escaped(row.id.description))</h2>")
        parts.append(
            row.explanation.map { "<p class=\"says\" dir=\"auto\">\(HTMLPage.escaped($0))</p>" }
                ?? "<p class=\"says none\">not explained</p>")
        parts.append(figures(neuron))
        if !row.tags.isEmpty {
            parts.append(
                "<p>" + row.tags.map { "<span class=\"tag\">\(HTMLPage.escaped($0))</span>" }.joined(separator: " ")
                    + "</p>")
        }
        if let note = detail.note { parts.append("<blockquote dir=\"auto\">\(HTMLPage.escaped(note))</blockquote>") }
        if let histogram = detail.histogram { parts.append(HTMLPage.histogram(histogram)) }
        parts.append(effects("promotes", detail.logitEffects.top, detail))
        parts.append(effects("suppresses", detail.logitEffects.bottom, detail))
        let strongest = detail.contexts.reduce(Float(0)) { Swift.max($0, abs($1.max)) }
        for context in detail.contexts { parts.append(self.context(context, strongest, detail)) }
        if detail.explanations.count > 1 { parts.append(others(detail)) }
        parts.append("</article>\n")
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func figures(_ neuron: ExportedNeuron) -> String {
        let detail = neuron.detail
        let row = detail.row
        let cells: [(String, String)] = [
            ("SAE", "\(row.sae) on \(detail.sae.model ?? "no language model")"),
            ("explained by", row.explanationSource ?? "—"),
            ("score", ExportFigures.score(row.correlationScore)),
            ("largest activation", ExportFigures.activation(detail.statistics.maxActivation)),
            ("density", ExportFigures.percent(detail.statistics.density)),
            ("rating", neuron.rating.map { "\($0) of 5" } ?? "—"),
            ("lists", detail.lists.isEmpty ? "—" : detail.lists.joined(separator: ", ")),
        ]
        let items = cells.filter { $0.1 != "—" }.map { "<dt>\($0.0)</dt><dd>\(HTMLPage.escaped($0.1))</dd>" }
        return "<dl>" + items.joined() + "</dl>"
    }

    private func effects(_ title: String, _ effects: [TokenEffect], _ detail: NeuronDetail) -> String {
        guard !effects.isEmpty else { return "" }
        let chips = effects.map { effect in
            let text = HTMLPage.escaped(PrintableText.chip(texts.text(of: effect, detail.sae)))
            return "<span class=\"chip\" title=\"\(effect.value)\">\(text)</span>"
        }
        return "<p class=\"logits\">\(title) \(chips.joined(separator: " "))</p>"
    }

    /// Tokens with the neuron's activation as depth of colour.
    private func context(_ context: ActivatingContext, _ strongest: Float, _ detail: NeuronDetail) -> String {
        let tokens = zip(texts.texts(of: context, detail.sae), context.activations).map { text, activation in
            let text = HTMLPage.escaped(PrintableText.printable(text, keepingNewlines: true))
            guard activation != 0, strongest > 0 else { return text }
            let depth = Int((min(1, abs(activation) / strongest) * 100).rounded())
            let sign = activation < 0 ? " n" : ""
            return "<span class=\"a\(sign)\" style=\"--a:\(depth)%\" title=\"\(activation)\">\(text)</span>"
        }
        return
            "<p class=\"context\" dir=\"auto\"><b>\(ExportFigures.activation(context.max))</b> \(tokens.joined())</p>"
    }

    private func others(_ detail: NeuronDetail) -> String {
        let rows = detail.explanations.map { explanation in
            let scores = explanation.scores.map { "\($0.scorer) \(ExportFigures.score($0.value))" }
            return "<tr><td>\(HTMLPage.escaped(explanation.source))</td><td dir=\"auto\">"
                + "\(HTMLPage.escaped(explanation.text ?? "—"))</td><td>"
                + "\(HTMLPage.escaped(scores.joined(separator: ", ")))</td></tr>"
        }
        return "<details><summary>all explanations</summary><table>\(rows.joined())</table></details>"
    }
}
