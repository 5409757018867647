import TopsailCatalog
import TopsailCore

/// A neuron for people to read.
struct NeuronPage {
    let detail: NeuronDetail
    let contexts: [ActivatingContext]
    let texts: TokenNames

    func print() {
        let row = detail.row
        let statistics = detail.statistics
        Columns.print([
            ["neuron", row.id.description],
            ["SAE", "\(row.sae) on \(detail.sae.model)"],
            ["explanation", row.explanation ?? "–"],
            ["by", row.explanationSource ?? "–"],
            ["correlation score", Figures.short(row.correlationScore)],
            ["tags", detail.tags.filter { !$0.isRejected }.map(summary).joined(separator: ", ").orDash],
            ["fires on", Figures.percent(statistics.density) + " of tokens"],
            ["largest activation", Figures.short(statistics.maxActivation)],
            ["0.999 quantile", Figures.short(statistics.q999)],
            ["promotes", tokens(detail.logitEffects.top)],
            ["suppresses", tokens(detail.logitEffects.bottom)],
            ["similar", detail.similar.map { "\($0.id) (\(Figures.short($0.value)))" }.joined(separator: ", ").orDash],
            ["note", detail.note ?? "–"],
            ["lists", detail.lists.joined(separator: ", ").orDash],
        ])
        if let collection = detail.sae.collection {
            StandardOutput.line(
                PrintableText.printable(
                    "counted on \(collection.countedTokens) tokens of \(collection.corpus); left out: \(collection.excludedTokens)"
                ))
        }
        for context in contexts { show(context) }
    }

    /// The context with the tokens that it is about in brackets: those of at least half of the largest activation.
    private func show(_ context: ActivatingContext) {
        let text = zip(texts.texts(of: context), context.activations).map { text, activation in
            activation > 0 && activation >= context.max / 2 ? "⟦\(text)⟧" : text
        }.joined()
        StandardOutput.line("")
        StandardOutput.line(
            "max \(Figures.short(context.max))\(context.topic.map { ", \(PrintableText.printable($0))" } ?? "")")
        StandardOutput.line("  " + PrintableText.printable(text))
    }

    private func summary(_ tag: NeuronTag) -> String {
        "\(tag.slug) (\(tag.sources.map(\.rawValue).joined(separator: ", ")))"
    }

    private func tokens(_ effects: [TokenEffect]) -> String {
        effects.map { PrintableText.chip(texts.text(of: $0)) }.joined(separator: " ").orDash
    }
}

extension String {
    /// A dash where there is nothing.
    var orDash: String { isEmpty ? "–" : self }
}
