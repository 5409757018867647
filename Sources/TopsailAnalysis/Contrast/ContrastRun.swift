import TopsailCore
import TopsailModel
import TopsailSAE

/// Reads contrast pairs with a model and compares what fires, for one or several SAEs in one pass.
///
/// Texts are read as one user message in the chat template, or as they stand where the model has none. Only the
/// texts' own tokens count.
public struct ContrastRun {
    private let reader: TextFeatureReader

    /// - Throws: `AnalysisError` when an SAE does not fit the model.
    public init(
        model: LanguageModel, saes: [any SparseAutoencoder], hook: HookPoint? = nil, precision: Precision
    ) throws {
        reader = try TextFeatureReader(model: model, saes: saes, hook: hook, precision: precision)
    }

    /// The contrast of each concept, by SAE; concepts in the order of their first pairs.
    ///
    /// - Parameters:
    ///   - normalisers: By SAE and neuron, for comparable effects; `nil` leaves effects in the SAEs' units.
    ///   - progress: Called with the texts read so far.
    public func run(
        _ pairs: [ContrastPair], normalisers: [[Float]]? = nil, isCancelled: () -> Bool = { false },
        progress: (Int) -> Void = { _ in }
    ) throws -> [[ConceptContrast]] {
        var concepts: [String] = []
        for pair in pairs where !concepts.contains(pair.concept) { concepts.append(pair.concept) }
        let texts = try pairs.flatMap { [try reader.prompt($0.present), try reader.prompt($0.absent)] }
        let features = try reader.read(texts, isCancelled: isCancelled, progress: { done, _ in progress(done) })
        return reader.saes.indices.map { sae in
            let maxima = features.map { $0.neurons[sae].mapValues(\.maximum) }
            return concepts.map { concept in
                var contrast = ConceptContrast(concept: concept, dSAE: reader.saes[sae].info.dSAE)
                for (index, pair) in pairs.enumerated() where pair.concept == concept {
                    contrast.add(
                        present: maxima[2 * index], absent: maxima[2 * index + 1], normalisers: normalisers?[sae])
                }
                return contrast
            }
        }
    }
}
