import TopsailCore
import TopsailEngine

/// What fired on one prompt, as a document and for people.
struct PromptEncoding {
    let id: JSONText
    let report: LiveReport
    let names: NeuronNames
    /// Neurons shown for each token and for the prompt.
    let limit: Int

    /// The document that the command line promises.
    var document: JSONText {
        let tokens = report.tokens.enumerated().map { index, token in
            JSONText.object([
                "index": index, "id": token.id, "text": token.text, "counted": token.isCounted,
                "neurons": token.features.prefix(limit).map(neuron),
            ])
        }
        let top = StrongestNeurons(report).peaks.prefix(limit).map { peak in
            JSONText.object([
                "neuron": names.id(peak.feature).description, "sae": names.sae(peak.feature),
                "index": peak.feature.index,
                "max": peak.feature.activation, "normalised": peak.feature.normalised, "token": peak.token,
            ])
        }
        return .object(["id": id, "tokens": tokens, "top": Array(top)])
    }

    private func neuron(_ feature: LiveFeature) -> JSONText {
        .object([
            "neuron": names.id(feature).description, "sae": names.sae(feature), "index": feature.index,
            "activation": feature.activation, "normalised": feature.normalised,
        ])
    }

    func print() {
        Columns.print(
            report.tokens.enumerated().map { index, token in
                let neurons = token.features.prefix(limit).map { feature in
                    "\(names.id(feature)) \(Figures.short(feature.normalised ?? feature.activation))"
                }
                return ["\(index)", PrintableText.chip(token.text), neurons.joined(separator: "  ").orDash]
            }, rightAligned: [0])
        StandardOutput.line("")
    }
}
