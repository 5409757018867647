import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailModel
import TopsailSAE

/// A model with its SAEs and what the catalog knows of their neurons, ready to read.
final class LiveModel {
    let model: LanguageModel
    let saes: [LiveSAE]
    let prompt: LiveEncoder
    private(set) var meter: any CategoryScorer
    private let assessment: AssessmentModel?
    private let checkpoints: [any SparseAutoencoder]
    private let precision: Precision
    private var answer: LiveEncoder?
    /// What activations of each SAE are divided by; 0 where nothing is known.
    private var normalisers: [[Float]]

    init(_ sources: LiveSources, catalog: Catalog?) throws {
        let model = try LanguageModel.open(path: sources.modelPath)
        try model.requireTokenizer()
        let checkpoints = try sources.saes.map { try SAELoader.open(path: $0.path, name: $0.name) }
        self.model = model
        self.checkpoints = checkpoints
        precision = sources.precision
        assessment = try sources.assessment?.read()
        prompt = try LiveEncoder(model, saes: checkpoints, precision: sources.precision)
        saes = try checkpoints.map {
            LiveSAE(name: $0.info.name, hook: try SAEFit.hook(of: $0, in: model), dSAE: $0.info.dSAE)
        }
        normalisers = saes.map { Array(repeating: Float(0), count: $0.dSAE) }
        meter = CategoryMeter(categories: nil, tables: [])
        if let catalog { try refresh(from: catalog) }
    }

    /// Reads labels, normalisers and tags anew.
    func refresh(from catalog: Catalog) throws {
        let known = Set(try catalog.saes().map(\.name))
        let tables = try saes.map { known.contains($0.name) ? try catalog.liveTable(sae: $0.name) : nil }
        normalisers = zip(saes, tables).map { sae, table in table?.normaliser ?? Array(repeating: 0, count: sae.dSAE) }
        let categories = try catalog.categories(sae: nil)
        meter =
            assessment.flatMap { AssessmentMeter($0, saes: saes.map(\.name), categories: categories) }
            ?? CategoryMeter(categories: categories, tables: tables)
    }

    /// The encoder for answers; apart from the prompts' one, so that neither disturbs the other.
    func answerEncoder() throws -> LiveEncoder {
        if let answer { return answer }
        let fresh = try LiveEncoder(model, saes: checkpoints, precision: precision)
        answer = fresh
        return fresh
    }

    /// The row of tokens with their neurons.
    ///
    /// - Parameter features: `[sae][token]`.
    func tokens(_ text: ReadableText, features: [[[ActiveFeature]]]) -> [LiveToken] {
        text.tokens.indices.map { position in
            token(
                text.tokens[position], origin: text.origins[position].live, isCounted: text.isCounted[position],
                features: features.map { $0[position] })
        }
    }

    func token(
        _ id: TokenID, origin: LiveToken.Origin, isCounted: Bool, features: [[ActiveFeature]], surprisal: Float? = nil
    ) -> LiveToken {
        var live: [LiveFeature] = []
        for (sae, active) in features.enumerated() {
            for feature in active {
                let normaliser = normalisers[sae][Int(feature.index)]
                live.append(
                    LiveFeature(
                        sae: sae, index: Int(feature.index), activation: feature.value,
                        normalised: normaliser > 0 ? feature.value / normaliser : nil))
            }
        }
        live.sort { ($0.rank, $1.index) > ($1.rank, $0.index) }
        return LiveToken(
            id: id, text: model.tokenizer.text(of: id), bytes: model.tokenizer.bytes(of: id), origin: origin,
            isCounted: isCounted, features: live, surprisal: surprisal)
    }
}

extension LiveRequest {
    /// The request as a model reads it.
    ///
    /// - Parameter limit: Tokens that there is room for. A text that has more by itself is refused before the rest of it is read.
    /// - Throws: `ModelError` when a chat template is asked for and there is none, or the text is too long.
    public func readable(by model: LanguageModel, limit: Int = .max) throws -> ReadableText {
        let reader = TextReader(model)
        try reader.requireRoom(for: text, tokens: limit)
        return usesChatTemplate ? try reader.chat(user: text, system: systemMessage) : reader.plain(text)
    }
}

extension TokenOrigin {
    fileprivate var live: LiveToken.Origin {
        switch self {
        case .prompt: .prompt
        case .template: .template
        case .answer: .answer
        }
    }
}
