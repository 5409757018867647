import TopsailCore
import TopsailModel
import TopsailSAE

/// Reads contrast pairs with a model and compares what fires, for one or several SAEs in one pass.
///
/// Texts are read as one user message in the chat template, or as they stand where the model has none. Only the
/// texts' own tokens count.
public struct ContrastRun {
    public let model: LanguageModel
    public let saes: [any SparseAutoencoder]
    private let hooks: [HookPoint]
    private let reader: ContextReader

    /// - Throws: `AnalysisError` when an SAE does not fit the model.
    public init(
        model: LanguageModel, saes: [any SparseAutoencoder], hook: HookPoint? = nil, precision: Precision
    ) throws {
        self.model = model
        self.saes = saes
        hooks = try saes.map { try SAEFit.hook(of: $0, in: model, override: hook) }
        reader = ContextReader(model, precision: precision, contextLength: 512)
    }

    /// The contrast of each concept, by SAE; concepts in the order of their first pairs.
    ///
    /// - Parameter normalisers: By SAE and neuron, for comparable effects; `nil` leaves effects in the SAEs' units.
    public func run(
        _ pairs: [ContrastPair], normalisers: [[Float]]? = nil, isCancelled: () -> Bool = { false }
    ) throws -> [[ConceptContrast]] {
        var concepts: [String] = []
        for pair in pairs where !concepts.contains(pair.concept) { concepts.append(pair.concept) }
        let maxima = try largestActivations(pairs.flatMap { [$0.present, $0.absent] }, isCancelled)
        return saes.indices.map { sae in
            concepts.map { concept in
                var contrast = ConceptContrast(concept: concept, dSAE: saes[sae].info.dSAE)
                for (index, pair) in pairs.enumerated() where pair.concept == concept {
                    contrast.add(
                        present: maxima[sae][2 * index], absent: maxima[sae][2 * index + 1],
                        normalisers: normalisers?[sae])
                }
                return contrast
            }
        }
    }

    /// The largest activation of each neuron over the counted tokens, by SAE and text.
    private func largestActivations(_ texts: [String], _ isCancelled: () -> Bool) throws -> [[[Int32: Float]]] {
        let textReader = TextReader(model)
        let readable = try texts.map { text in
            model.chatTemplate == nil ? textReader.plain(text) : try textReader.chat(user: text)
        }
        var maxima = Array(repeating: Array(repeating: [Int32: Float](), count: texts.count), count: saes.count)
        try reader.read(readable.map(\.tokens), hooks: Set(hooks), isCancelled: isCancelled) { context in
            for sae in saes.indices where hooks[sae] == context.point {
                let features = saes[sae].encode(context.values, tokens: context.positions.count)
                for (features, position) in zip(features, context.positions)
                where readable[context.text].isCounted[position] {
                    for feature in features where feature.value > 0 {
                        maxima[sae][context.text][feature.index] = max(
                            maxima[sae][context.text][feature.index] ?? 0, feature.value)
                    }
                }
            }
        }
        return maxima
    }
}
