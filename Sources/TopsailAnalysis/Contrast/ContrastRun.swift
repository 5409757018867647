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
        let texts = try pairs.flatMap { pair in
            try [pair.present, pair.absent].map(TextReader(reader.model).prompt)
        }
        let features = try reader.read(texts, isCancelled: isCancelled, progress: { done, _ in progress(done) })
        let concepts = ContrastPair.concepts(pairs).map { concept in
            let own = pairs.indices.filter { pairs[$0].concept == concept }
            return (name: concept, pairs: own.map { (present: features[2 * $0], absent: features[2 * $0 + 1]) })
        }
        return reader.saes.indices.map { sae in
            ConceptContrast.all(
                concepts, sae: sae, dSAE: reader.saes[sae].info.dSAE, normalisers: normalisers?[sae])
        }
    }
}
