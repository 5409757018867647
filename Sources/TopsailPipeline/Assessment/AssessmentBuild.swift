import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailModel
import TopsailSAE

/// Makes an assessment from contrast pairs and a catalog's tagged neurons.
public struct AssessmentBuild {
    public let reader: TextFeatureReader
    public let catalog: Catalog
    public var pairs: [ContrastPair]
    /// Everyday prompts that have none of the concepts.
    public var background: [String]
    /// Prompts to fit to besides: harmful ones, and harmless ones with a harmful category's words or about its subject. Harmful
    /// ones that name no concept are left out.
    public var prompts: [LabelledPrompt] = []
    /// Running texts that have none of the concepts, to measure with how scores rise with length.
    public var documents: [String] = []
    /// Of more documents so many are read.
    static let documentLimit = 100
    /// Domains whose texts are mostly harmless; the overall score does not count their concepts as harm.
    public var harmlessDomains: Set<String> = ["politics"]

    /// - Throws: `AnalysisError` when an SAE does not fit the model.
    public init(
        model: LanguageModel, saes: [any SparseAutoencoder], catalog: Catalog, pairs: [ContrastPair],
        background: [String], hook: HookPoint? = nil, precision: Precision = .fast
    ) throws {
        reader = try TextFeatureReader(model: model, saes: saes, hook: hook, precision: precision)
        self.catalog = catalog
        self.pairs = pairs
        self.background = background
    }

    /// What was fitted, and what it was fitted to.
    public struct Outcome: Sendable {
        public var model: AssessmentModel
        public var trials: [AssessmentCalibration.Trial]
        var targets: [AssessmentTarget]
        var examples: [AssessmentExample]
        var neurons: AssessmentNeurons
    }

    public enum Stage: Sendable, Hashable {
        case reading, fitting, measuringLengths

        /// As progress shows it.
        public var words: String {
            switch self {
            case .reading: "reading"
            case .fitting: "fitting"
            case .measuringLengths: "measuring lengths"
            }
        }
    }

    /// Reads all texts and fits each concept, each domain, and `harmful`.
    ///
    /// - Throws: `CatalogError` for an SAE that the catalog does not have; what reading throws.
    public func run(
        isCancelled: () -> Bool = { false }, progress: (Stage, Double) -> Void = { _, _ in }
    ) throws -> Outcome {
        let names = reader.saes.map(\.info.name)
        let tables = try names.map { try catalog.liveTable(sae: $0) }
        let others = Self.others(background, prompts)
        let texts = 2 * pairs.count + others.count
        let renderings = try Self.renderings(pairs, others: others.map(\.text), model: reader.model)
        let features = try reader.read(renderings, keepingMeans: true, isCancelled: isCancelled) {
            progress(.reading, Double($0) / Double($1))
        }
        let examples = stride(from: 0, to: features.count, by: texts).flatMap { start in
            AssessmentExample.examples(
                pairs, others: others.map(\.role), features: Array(features[start..<start + texts]))
        }
        let neurons = AssessmentNeurons(
            selection: ContrastSelection(), widths: reader.saes.map(\.info.dSAE), normalisers: tables.map(\.normaliser))
        let targets = targets()
        let outcome = try AssessmentCalibration(saes: names, neurons: neurons, targets: targets).run(
            examples, tagged: tagged(tables), modelName: reader.model.configuration.name, isCancelled: isCancelled,
            progress: { progress(.fitting, Double($0) / Double($1)) })
        let model = try corrected(outcome.model, fittedTo: renderings, isCancelled: isCancelled) {
            progress(.measuringLengths, Double($0) / Double($1))
        }
        return Outcome(
            model: model, trials: outcome.trials, targets: targets, examples: examples, neurons: neurons)
    }

    /// What a run would take, and an exam after it.
    public func forecast(exam: [LabelledPrompt] = []) throws -> RunForecast {
        let model = reader.model
        let texts = try Self.renderings(pairs, others: Self.others(background, prompts).map(\.text), model: model)
        var readings = [RunForecast.Reading("texts to fit to", texts)]
        if let fitted = LengthFit.fittedTokens(of: texts.map(\.countedTokens)), !documents.isEmpty {
            let beginnings = try Self.beginnings(of: documents, fitted, limit: Self.documentLimit, model: model)
            readings.append(.init("documents", beginnings.flatMap(\.self)))
        }
        if !exam.isEmpty { readings.append(.init("exam", try exam.map { try TextReader(model).prompt($0.text) })) }
        return try RunForecast(
            readings, model: model, precision: reader.precision, sample: texts.lazy.flatMap(\.tokens))
    }

    /// What is fitted to besides the pairs.
    static func others(
        _ background: [String], _ prompts: [LabelledPrompt]
    ) -> [(text: String, role: AssessmentExample.Role)] {
        background.map { ($0, .background) }
            + prompts.compactMap { prompt in prompt.role.map { (prompt.text, $0) } }
    }

    /// All texts in the chat template, and all as plain text where there is one: people assess both.
    static func renderings(
        _ pairs: [ContrastPair], others: [String], model: LanguageModel
    ) throws -> [ReadableText] {
        let reader = TextReader(model)
        let texts = pairs.flatMap { [$0.present, $0.absent] } + others
        return try texts.map(reader.prompt) + (model.chatTemplate == nil ? [] : texts.map(reader.plain))
    }

    /// `harmful`, then domains and concepts in the order of the pairs.
    private func targets() -> [AssessmentTarget] {
        let concepts = ContrastPair.concepts(pairs)
        var domains: [String] = []
        for domain in concepts.map(AssessmentTarget.domain) where !domains.contains(domain) { domains.append(domain) }
        let harm = concepts.filter { !harmlessDomains.contains(AssessmentTarget.domain(of: $0)) }
        return [AssessmentTarget(slug: AssessmentModel.overall, concepts: Set(harm))]
            + domains.map { domain in
                AssessmentTarget(
                    slug: domain, concepts: Set(concepts.filter { AssessmentTarget.domain(of: $0) == domain }))
            }
            + concepts.filter { !domains.contains($0) }.map { AssessmentTarget(slug: $0, concepts: [$0]) }
    }

    /// The catalog's tagged neurons by category; what a person added counts, what a person removed does not.
    private func tagged(_ tables: [LiveTable]) -> [String: [NeuronPlace]] {
        var tagged: [String: [NeuronPlace]] = [:]
        for (sae, table) in tables.enumerated() {
            for (index, slugs) in table.tags.enumerated() {
                for slug in slugs { tagged[slug, default: []].append(NeuronPlace(sae: sae, index: index)) }
            }
        }
        return tagged
    }
}

extension AssessmentBuild {
    private func corrected(
        _ model: AssessmentModel, fittedTo texts: [ReadableText], isCancelled: () -> Bool,
        progress: (Int, Int) -> Void
    ) throws -> AssessmentModel {
        guard let fitted = LengthFit.fittedTokens(of: texts.map(\.countedTokens)), !documents.isEmpty else {
            return model
        }
        let beginnings = try Self.beginnings(of: documents, fitted, limit: Self.documentLimit, model: reader.model)
        let features = try reader.read(beginnings.flatMap(\.self), isCancelled: isCancelled, progress: progress)
        var rest = features[...]
        let documents = beginnings.map { beginnings in
            defer { rest.removeFirst(beginnings.count) }
            return Array(rest.prefix(beginnings.count))
        }
        return LengthFit(fittedTokens: fitted, saes: model.saes).corrected(model, documents: documents)
    }

    /// Beginnings of the documents that are long enough, by rising length; each document as plain text and, where there is a
    /// template, as a prompt.
    static func beginnings(
        of documents: [String], _ fitted: Int, limit: Int, model: LanguageModel
    ) throws -> [[ReadableText]] {
        let text = TextReader(model)
        let least = LengthFit.factors[LengthFit.leastLengths - 1] * fitted
        let long = documents.lazy.map { text.plain($0).tokens }.filter { $0.count >= least }
        return try long.prefix(limit).flatMap { tokens in
            let parts = LengthFit.factors.map { $0 * fitted }.filter { $0 <= tokens.count }.map {
                model.tokenizer.decode(Array(tokens.prefix($0)))
            }
            let plain = parts.map(text.plain)
            return model.chatTemplate == nil ? [plain] : [plain, try parts.map(text.prompt)]
        }
    }

    /// Compares what was fitted with simpler means on prompts that nothing was fitted to.
    public func examine(_ prompts: [LabelledPrompt], of outcome: Outcome) throws -> [AssessmentExam.Result] {
        let features = try reader.read(
            prompts.map { try TextReader(reader.model).prompt($0.text) }, keepingMeans: true)
        let items = zip(prompts, features).map { prompt, features in
            AssessmentExam.Item(features: features, kind: prompt.kind, domain: prompt.domain)
        }
        return AssessmentExam(
            model: outcome.model, saes: outcome.model.saes,
            targets: outcome.targets.filter { !$0.slug.contains(".") }, training: outcome.examples,
            neurons: outcome.neurons
        ).run(items)
    }
}
