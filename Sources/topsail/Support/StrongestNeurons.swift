import TopsailEngine

/// The strongest neurons of a whole prompt.
///
/// Special tokens, the template and the first token are left out: their activations are outliers that say nothing of the text.
struct StrongestNeurons {
    /// A neuron at the token where it is strongest.
    struct Peak {
        var feature: LiveFeature
        /// Position of the token in the report.
        var token: Int
    }

    /// By falling normalised activation.
    let peaks: [Peak]

    init(_ report: LiveReport) {
        var best: [LiveFeature.Key: Peak] = [:]
        for (position, token) in report.tokens.enumerated() where token.isCounted {
            for feature in token.features where feature.activation > best[feature.key]?.feature.activation ?? 0 {
                best[feature.key] = Peak(feature: feature, token: position)
            }
        }
        peaks = best.values.sorted { left, right in
            (left.feature.rank, right.feature.sae, right.feature.index)
                > (right.feature.rank, left.feature.sae, left.feature.index)
        }
    }
}
