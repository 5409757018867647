import TopsailPipeline

/// Says what was written of each SAE.
enum CollectionReport {
    static func print(_ outcomes: [CatalogBuild.Outcome], json: Bool) {
        for outcome in outcomes { StandardOutput.line(json ? document(outcome).line : sentence(outcome)) }
    }

    private static func document(_ outcome: CatalogBuild.Outcome) -> JSONText {
        let summary = outcome.summary
        return JSONText.object([
            "sae": outcome.sae, "neurons": summary.neurons, "fired": summary.fired, "explained": summary.explained,
            "scored": summary.scored, "median_score": summary.medianScore, "tagged": summary.tagged,
            "metrics": JSONText.object(
                outcome.metrics.sorted { $0.key < $1.key }.map { ($0.key, JSONText.double($0.value)) }),
        ])
    }

    private static func sentence(_ outcome: CatalogBuild.Outcome) -> String {
        let summary = outcome.summary
        return "\(outcome.sae): \(summary.fired) of \(summary.neurons) neurons fired, \(summary.explained) explained, "
            + "\(summary.tagged) tagged"
            + (summary.scored > 0 ? ", median score \(Figures.short(summary.medianScore))" : "")
    }
}
