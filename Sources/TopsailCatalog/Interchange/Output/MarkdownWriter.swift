import Foundation
import TopsailCore

/// A page with one section a neuron, for people to read: what it stands for, figures, tags, and where it fires.
struct MarkdownWriter {
    private let texts: ExportTexts

    /// Contexts of each neuron.
    private static let contexts = 5

    init(_ texts: ExportTexts) { self.texts = texts }

    func write(_ neurons: SelectedNeurons, to file: ExportFile, _ count: () throws -> Void) throws {
        try file.write("# \(neurons.count) neurons\n")
        try neurons.forEachDetail { neuron in
            try file.write(section(neuron))
            try count()
        }
    }

    private func section(_ neuron: ExportedNeuron) -> String {
        let detail = neuron.detail
        var lines = ["", "## \(escaped(detail.row.id.description))", ""]
        lines += [detail.row.explanation.map { escaped($0) } ?? "*not explained*", ""]
        lines += table(neuron) + [""]
        if let note = detail.note { lines += ["> " + escaped(note), ""] }
        if !detail.logitEffects.top.isEmpty { lines.append("Promotes: " + tokens(detail.logitEffects.top, detail)) }
        if !detail.logitEffects.bottom.isEmpty {
            lines += ["", "Suppresses: " + tokens(detail.logitEffects.bottom, detail)]
        }
        let shown = detail.contexts.prefix(Self.contexts)
        if !shown.isEmpty { lines.append("") }
        for context in shown {
            lines.append("- \(ExportFigures.activation(context.max)): \(marked(context, detail))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func table(_ neuron: ExportedNeuron) -> [String] {
        let detail = neuron.detail
        let row = detail.row
        let cells = [
            ("SAE", escaped("\(row.sae) on \(detail.sae.model ?? "no language model")")),
            ("explained by", escaped(row.explanationSource ?? "—")),
            ("score", ExportFigures.score(row.correlationScore)),
            ("largest activation", ExportFigures.activation(detail.statistics.maxActivation)),
            ("density", ExportFigures.percent(detail.statistics.density)),
            ("tags", row.tags.isEmpty ? "—" : escaped(row.tags.joined(separator: ", "))),
            ("rating", neuron.rating.map { "\($0) of 5" } ?? "—"),
            ("lists", detail.lists.isEmpty ? "—" : escaped(detail.lists.joined(separator: ", "))),
        ]
        return ["| | |", "| --- | --- |"] + cells.filter { $0.1 != "—" }.map { "| \($0.0) | \($0.1) |" }
    }

    private func tokens(_ effects: [TokenEffect], _ detail: NeuronDetail) -> String {
        effects.map { "`" + PrintableText.chip(texts.text(of: $0, detail.sae)).replacing("`", with: "ˋ") + "`" }
            .joined(separator: " ")
    }

    /// The context with what it is about in bold: tokens of at least half of the largest activation.
    private func marked(_ context: ActivatingContext, _ detail: NeuronDetail) -> String {
        zip(texts.texts(of: context, detail.sae), context.activations).map { text, activation in
            let text = escaped(text)
            guard activation > 0, activation >= context.max / 2 else { return text }
            // Bold must hug its words.
            let space = text.prefix(while: \.isWhitespace)
            let words = text.dropFirst(space.count)
            return words.isEmpty ? text : space + "**" + words + "**"
        }.joined()
    }

    /// Text in which nothing is markup, on one line.
    private func escaped(_ text: String) -> String {
        var result = ""
        for character in PrintableText.printable(text) {
            switch character {
            case "\\", "`", "*", "_", "[", "]", "|", "#", "~", "$": result += "\\" + String(character)
            case "<": result += "&lt;"
            case "&": result += "&amp;"
            default: result.append(character)
            }
        }
        return result
    }
}
