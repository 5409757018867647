import TopsailAnalysis
import TopsailCatalog

/// The categories that contrast pairs give to neurons.
package enum ContrastTags {
    /// - Parameters:
    ///   - contrasts: All concepts of one SAE.
    ///   - slugs: The taxonomy's; concepts that it does not have are left out.
    /// - Returns: By neuron.
    package static func tags(
        _ contrasts: [ConceptContrast], selection: ContrastSelection, slugs: Set<String>
    ) -> [Int: [DerivedTag]] {
        let background = ContrastBackground(contrasts)
        var tags: [Int: [DerivedTag]] = [:]
        for contrast in contrasts where slugs.contains(contrast.concept) {
            for choice in selection.choose(contrast, background: background) {
                tags[choice.neuron, default: []].append(
                    DerivedTag(
                        slug: contrast.concept, source: .contrast, score: choice.frequency, effect: choice.effect,
                        pairs: contrast.pairs))
            }
        }
        return tags
    }
}
