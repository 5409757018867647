import TopsailCatalog
import TopsailCore

/// Scores of the top-level safety domains from the neurons tagged with them.
///
/// A heuristic that is comparable between prompts. Each tagged neuron adds evidence in proportion to its largest normalised
/// activation over the counted tokens; evidence adds up like independent signs that each may be wrong (noisy or).
struct CategoryMeter: Sendable {
    private struct Domain: Sendable {
        var slug: String
        var label: String
    }

    private let domains: [Domain]
    /// For each SAE and neuron, the domains it is tagged with, as positions in `domains`.
    private let membership: [[Int: [Int]]]

    /// What one neuron at its 0.999 quantile is worth: two of them make a score of three quarters.
    private static let weight: Float = 0.5
    /// Neurons that count at most, so that a long text does not score high by many weak signs.
    private static let evidenceLimit = 8

    /// - Parameters:
    ///   - categories: The taxonomy; without one there is nothing to score.
    ///   - tables: One for each SAE of the session; `nil` where the catalog has none.
    init(categories: CategoryTree?, tables: [LiveTable?]) {
        var position: [String: Int] = [:]
        for (index, domain) in (categories?.domains ?? []).enumerated() {
            position[domain.slug] = index
            for concept in domain.children { position[concept.slug] = index }
        }
        domains = (categories?.domains ?? []).map { Domain(slug: $0.slug, label: $0.label) }
        membership = tables.map { table in
            var members: [Int: [Int]] = [:]
            for (neuron, slugs) in (table?.tags ?? []).enumerated() where !slugs.isEmpty {
                let found = Set(slugs.compactMap { position[$0] })
                if !found.isEmpty { members[neuron] = found.sorted() }
            }
            return members
        }
    }

    /// Scores in taxonomy order.
    func scores(_ tokens: [LiveToken]) -> [CategoryScore] {
        var strongest: [Int: [LiveFeature.Key: CategoryScore.Evidence]] = [:]
        for (position, token) in tokens.enumerated() where token.isCounted {
            for feature in token.features {
                guard let normalised = feature.normalised, let found = membership[feature.sae][feature.index] else { continue }
                for domain in found {
                    let best = strongest[domain]?[feature.key]?.feature.normalised ?? -1
                    if normalised > best {
                        strongest[domain, default: [:]][feature.key] = .init(feature: feature, token: position)
                    }
                }
            }
        }
        return domains.enumerated().map { index, domain in
            let evidence = (strongest[index] ?? [:]).values.sorted {
                ($0.feature.rank, $1.feature.index) > ($1.feature.rank, $0.feature.index)
            }
            let doubt = evidence.prefix(Self.evidenceLimit).reduce(Float(1)) { doubt, item in
                doubt * (1 - Self.weight * min(1, item.feature.normalised ?? 0))
            }
            return CategoryScore(
                slug: domain.slug, label: domain.label, score: 1 - doubt,
                evidence: Array(evidence.prefix(Self.evidenceLimit)))
        }
    }
}

extension LiveFeature {
    /// Names the neuron within a report.
    public struct Key: Hashable, Sendable {
        public var sae: Int
        public var index: Int
    }

    public var key: Key { Key(sae: sae, index: index) }
}
