import Foundation
import TopsailCatalog
import TopsailCore

/// Scores of the top-level safety domains from the neurons tagged with them.
///
/// A heuristic that is comparable between prompts. Each tagged neuron adds the square of its largest normalised activation over
/// the counted tokens: a neuron near or above its 0.999 quantile is evidence, one that merely fires is next to none, and tagged
/// neurons that fire here and there on any text do not add up to a high score.
struct CategoryMeter: Sendable {
    private struct Domain: Sendable {
        var slug: String
        var label: String
    }

    private let domains: [Domain]
    /// For each SAE and neuron, the domains it is tagged with, as positions in `domains`.
    private let membership: [[Int: [Int]]]

    /// Evidence that makes a score of 1 − 1/e: four neurons at their 0.999 quantile, or one at twice it.
    private static let scale: Float = 4
    /// A normalised activation above this counts as this, so that no single neuron decides alone.
    private static let ceiling: Float = 2
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
                guard let normalised = feature.normalised, let found = membership[feature.sae][feature.index] else {
                    continue
                }
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
            let counted = evidence.prefix(Self.evidenceLimit).map { item in
                var item = item
                let strength = min(Self.ceiling, item.feature.normalised ?? 0)
                item.contribution = Double(strength * strength)
                return item
            }
            let total = counted.reduce(Float(0)) { $0 + Float($1.contribution) }
            return CategoryScore(
                slug: domain.slug, label: domain.label, score: 1 - expf(-total / Self.scale),
                evidence: counted)
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
