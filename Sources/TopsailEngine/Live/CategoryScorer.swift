import TopsailAnalysis
import TopsailCatalog

/// Scores of categories from what fires on a prompt.
protocol CategoryScorer: Sendable {
    /// In the order in which they are shown.
    func scores(_ tokens: [LiveToken]) -> [CategoryScore]
}

extension CategoryMeter: CategoryScorer {}

/// The scores that `topsail assess` gives: a calibrated assessment, of the overall score and the domains.
struct AssessmentMeter: CategoryScorer {
    private let assessor: Assessor
    private let saes: [String]
    private let labels: [String: String]

    /// Neurons that are named for a score.
    private static let evidenceLimit = 8

    /// - Parameters:
    ///   - saes: Of the session, in its order.
    /// - Returns: `nil` when the session lacks an SAE that the assessment needs.
    init?(_ model: AssessmentModel, saes: [String], categories: CategoryTree) {
        guard Set(model.saes).isSubset(of: saes) else { return nil }
        assessor = Assessor(model, saes: saes)
        self.saes = saes
        labels = Dictionary(uniqueKeysWithValues: categories.domains.map { ($0.slug, $0.label) })
    }

    func scores(_ tokens: [LiveToken]) -> [CategoryScore] {
        let counted = tokens.indices.filter { tokens[$0].isCounted }
        var features = TextFeatures(tokens: counted.map { tokens[$0].id }, saes: saes.count)
        for position in counted {
            for feature in tokens[position].features {
                features.add(feature.activation, of: Int32(feature.index), sae: feature.sae, at: position)
            }
        }
        return assessor.assess(features, evidence: Self.evidenceLimit).compactMap { score in
            let isOverall = score.slug == AssessmentModel.overall
            guard let label = isOverall ? "Harmful" : labels[score.slug] else { return nil }
            return CategoryScore(
                slug: score.slug, label: label, score: Float(score.score),
                evidence: score.evidence.compactMap { evidence(of: $0, in: tokens) },
                opposing: score.opposing.compactMap { evidence(of: $0, in: tokens) },
                sum: CategoryScore.Sum(bias: score.bias, logOdds: score.logOdds), isCalibrated: true)
        }
    }

    private func evidence(of evidence: Assessor.Evidence, in tokens: [LiveToken]) -> CategoryScore.Evidence? {
        guard let sae = saes.firstIndex(of: evidence.neuron.sae),
            let feature = tokens[evidence.token].features.first(where: {
                $0.sae == sae && $0.index == evidence.neuron.index
            })
        else { return nil }
        return CategoryScore.Evidence(
            feature: feature, token: evidence.token, contribution: evidence.contribution)
    }
}
