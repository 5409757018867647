import TopsailAnalysis
import TopsailCatalog
import TopsailCore

/// Brings what was found out about neurons into the catalog's form.
struct CatalogRows {
    let counts: CorpusCounts
    /// The catalog's number of each document that contexts point into.
    let documentIDs: [Int: DocumentID]
    /// Contexts below half the maximum that are stored, beside the strongest.
    let bandContexts: Int

    func statistics(_ tally: NeuronTally) -> NeuronStatistics {
        guard counts.total > 0 else { return NeuronStatistics() }
        return NeuronStatistics(
            density: Double(tally.fired) / Double(counts.total), firedCount: tally.fired, maxActivation: tally.maximum,
            q999: tally.tail.quantile(0.999, of: counts.total),
            meanPositive: tally.fired > 0 ? Float(tally.sum / Double(tally.fired)) : nil)
    }

    /// The occupied bins, two joined to one: four to a doubling are enough to see.
    func histogram(_ tally: NeuronTally) -> ActivationHistogram? {
        let counts = stride(from: 0, to: tally.histogram.count, by: 2).map { bin in
            UInt64(tally.histogram[bin]) + UInt64(tally.histogram[bin + 1])
        }
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
            return nil
        }
        let ratio = GeometricBins.ratio * GeometricBins.ratio
        var lowest = Double(GeometricBins.lowest)
        for _ in 0..<first { lowest *= Double(ratio) }
        return ActivationHistogram(lowest: Float(lowest), ratio: ratio, counts: Array(counts[first...last]))
    }

    func contexts(_ tally: NeuronTally) -> [NeuronContext] {
        Self.shown(tally, bandContexts: bandContexts).compactMap { band, context in
            documentIDs[context.document].map {
                NeuronContext(documentID: $0, start: context.start, activations: context.activations, band: band)
            }
        }
    }

    /// What search in contexts finds of a neuron.
    ///
    /// - Parameter texts: What the tokens of the document of a number say.
    func contextWords(_ tally: NeuronTally, texts: (Int, Range<Int>) -> [String]) -> String? {
        var words = ContextWords()
        for (_, context) in Self.shown(tally, bandContexts: bandContexts) {
            let range = context.start..<context.start + context.activations.count
            words.add(tokens: texts(context.document, range), activations: context.activations)
        }
        return words.text
    }

    /// The contexts that are stored: the strongest, then samples of weaker firing.
    static func shown(_ tally: NeuronTally, bandContexts: Int) -> [(band: Int, context: PeakContext)] {
        let top = tally.top.contexts
        let bands = tally.bands.bands(
            maximum: tally.maximum, excluding: Set(top.map(\.document)), limit: bandContexts)
        return top.map { (0, $0) } + bands
    }

    static func logitEffects(_ logits: NeuronLogits) -> LogitEffects {
        LogitEffects(
            top: logits.top.map { TokenEffect(token: $0.token, value: $0.value) },
            bottom: logits.bottom.map { TokenEffect(token: $0.token, value: $0.value) })
    }

    static func links(_ neighbours: [NearestNeurons.Neighbour]) -> [NeuronLink] {
        neighbours.map { NeuronLink(index: $0.index, value: $0.cosine) }
    }

    /// The explanation by counting, with its score where there is one.
    static func explanation(_ explanation: TokenExplanation, _ score: TokenSimulation.Score) -> NeuronExplanation {
        let scores = score.correlation.map { value in
            [
                ExplanationScore(
                    scorer: "simulation", value: value, samples: score.tokens,
                    details: """
                        a table of expected activations by token, on all held-out tokens; \
                        the neuron fired on \(score.firings) of them
                        """)
            ]
        }
        return NeuronExplanation(
            source: "tokens", text: explanation.label, details: explanation.details, scores: scores ?? [])
    }
}
