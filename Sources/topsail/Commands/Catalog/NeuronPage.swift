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
        let unit = detail.sae.countedUnit
        let logits = [
            ["promotes", tokens(detail.logitEffects.top)], ["suppresses", tokens(detail.logitEffects.bottom)],
        ]
        let head = [
            ["neuron", row.id.description],
            ["SAE", detail.sae.model.map { "\(row.sae) on \($0)" } ?? "\(row.sae), no language model"],
            ["explanation", row.explanation ?? "–"],
            ["by", row.explanationSource ?? "–"],
            ["correlation score", Figures.short(row.correlationScore)],
            ["tags", detail.tags.filter { !$0.isRejected }.map(summary).joined(separator: ", ").orDash],
            ["fires on", Figures.percent(statistics.density) + " of \(unit)"],
            ["largest activation", Figures.short(statistics.maxActivation)],
            ["0.999 quantile", Figures.short(statistics.q999)],
        ]
        let tail = [
            ["similar", detail.similar.map { "\($0.id) (\(Figures.short($0.value)))" }.joined(separator: ", ").orDash],
            ["note", detail.note ?? "–"],
            ["rating", Figures.stars(detail.rating)],
            ["lists", detail.lists.joined(separator: ", ").orDash],
        ]
        Columns.print(head + (detail.sae.hasLanguageModel ? logits : []) + tail)
        if let collection = detail.sae.collection {
            let excluded = collection.excludedTokens.isEmpty ? "" : "; left out: \(collection.excludedTokens)"
            StandardOutput.line(
                PrintableText.printable(
                    "counted on \(collection.countedTokens) \(unit) of \(collection.corpus)" + excluded))
        }
        for context in contexts { show(context) }
    }

    /// The context with the tokens that it is about in brackets: those of at least half of the largest activation.
    private func show(_ context: ActivatingContext) {
        let text = zip(texts.texts(of: context), context.activations).map { text, activation in
            context.tokens.count > 1 && activation > 0 && activation >= context.max / 2 ? "⟦\(text)⟧" : text
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
