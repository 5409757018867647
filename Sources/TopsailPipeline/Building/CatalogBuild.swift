import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailSAE

/// Makes a catalog from a model, its SAEs, a corpus and contrast pairs: collects, contrasts, evaluates, explains,
/// writes.
public struct CatalogBuild {
    /// An SAE that takes part.
    public struct Member {
        public var sae: any SparseAutoencoder
        /// The checkpoint as the catalog is to name it; relative paths start at the workspace.
        public var path: String?
        /// Checksum of the weights.
        public var sha256: String?
        /// Whether its neurons are called `layer_index`.
        public var isDefault: Bool

        public init(sae: any SparseAutoencoder, path: String? = nil, sha256: String? = nil, isDefault: Bool = false) {
            self.sae = sae
            self.path = path
            self.sha256 = sha256
            self.isDefault = isDefault
        }
    }

    /// The steps, in their order.
    public enum Stage: String, Sendable, Hashable, CaseIterable {
        case collecting, contrasting, evaluating, explaining
    }

    public var model: LanguageModel
    /// Checksum of the model file, where it is known.
    public var modelSHA256: String?
    public var corpusName: String
    public var texts: [CorpusText]
    public var members: [Member]
    public var pairs: [ContrastPair]
    public var hook: HookPoint?

    public var split = HeldOutSplit()
    /// Which tokens count.
    public var scope = CountedTokens.ordinary
    public var collection = CollectionRun()
    public var selection = ContrastSelection()
    /// Whether search is to find the words of contexts; they take as much space as all else.
    public var keepsContextWords = true
    /// Thresholds t of the stored `L₀,ₜ`.
    public var thresholds = [0.25, 0.5, 0.75]
    /// Held-out tokens that are read for the cross-entropies at most; each is read three times an SAE.
    public var evaluationTokens = 10_000

    public init(
        model: LanguageModel, modelSHA256: String? = nil, corpusName: String, texts: [CorpusText], members: [Member],
        pairs: [ContrastPair], hook: HookPoint? = nil
    ) {
        self.model = model
        self.modelSHA256 = modelSHA256
        self.corpusName = corpusName
        self.texts = texts
        self.members = members
        self.pairs = pairs
        self.hook = hook
    }

    /// What was made of one SAE.
    public struct Outcome: Sendable, Hashable, Codable {
        public var sae: String
        public var metrics: [String: Double]
        public var summary: CatalogBuilder.Summary
    }

    /// Blocks until the catalog is written; each SAE is one transaction.
    ///
    /// - Parameters:
    ///   - catalog: With the taxonomy installed, if concepts are to become tags.
    ///   - progress: Called with the stage and the share of it that is done.
    public func run(
        into catalog: Catalog, isCancelled: () -> Bool = { false }, progress: (Stage, Double) -> Void = { _, _ in }
    ) throws -> [Outcome] {
        let documents = try readings()
        let results = try collection.run(
            documents, model: model, saes: members.map(\.sae), hook: hook, isCancelled: isCancelled,
            progress: { progress(.collecting, Double($0) / Double(max($1, 1))) })
        return try write(results, of: documents, into: catalog, isCancelled: isCancelled, progress: progress)
    }

    func readings() throws -> [CorpusReading] {
        try CorpusReading.read(texts, with: model, split: split, scope: scope)
    }

    /// All that follows collecting.
    func write(
        _ results: [CollectionRun.Result], of documents: [CorpusReading], into catalog: Catalog,
        isCancelled: () -> Bool, progress: (Stage, Double) -> Void
    ) throws -> [Outcome] {
        progress(.contrasting, 0)
        let normalisers = results.map { result in
            result.collection.neurons.map { tally in
                CatalogRows(counts: result.collection.counts, documentIDs: [:], bandContexts: 0)
                    .statistics(tally).normaliser ?? 0
            }
        }
        let contrastRun = try ContrastRun(
            model: model, saes: members.map(\.sae), hook: hook, precision: collection.precision)
        let contrasts = try contrastRun.run(pairs, normalisers: normalisers, isCancelled: isCancelled)
        try catalog.register(ModelRecord(name: model.configuration.name, sha256: modelSHA256))
        return try members.indices.map { index in
            let report = try evaluate(members[index].sae, documents, isCancelled) { share in
                progress(.evaluating, (Double(index) + share) / Double(members.count))
            }
            progress(.explaining, Double(index) / Double(members.count))
            let metrics = metrics(report, contrasts[index])
            try catalog.register(record(members[index], results[index], metrics))
            var builder = CatalogBuilder(catalog: catalog, model: model, corpus: corpusName)
            builder.selection = selection
            builder.keepsContextWords = keepsContextWords
            let summary = try builder.write(
                members[index].sae, results[index], documents: documents, contrasts: contrasts[index])
            return Outcome(sae: members[index].sae.info.name, metrics: metrics, summary: summary)
        }
    }

    private func evaluate(
        _ sae: any SparseAutoencoder, _ documents: [CorpusReading], _ isCancelled: () -> Bool,
        progress: (Double) -> Void
    ) throws -> ReconstructionReport {
        let texts = evaluated(documents)
        let evaluation = try ReconstructionEvaluation(
            model: model, sae: sae, hook: hook, precision: collection.precision,
            contextLength: collection.contextLength)
        return try evaluation.run(
            texts, isCancelled: isCancelled, progress: { progress(Double($0) / Double(max(texts.count, 1))) })
    }

    /// The held-out documents that SAEs are measured on.
    func evaluated(_ documents: [CorpusReading]) -> [ReadableText] {
        var texts: [ReadableText] = []
        var tokens = 0
        for document in documents where document.isHeldOut && tokens < evaluationTokens {
            texts.append(document.text)
            tokens += document.text.count
        }
        return texts
    }

    private func metrics(_ report: ReconstructionReport, _ contrasts: [ConceptContrast]) -> [String: Double] {
        var metrics: [String: Double] = [
            "l0": report.l0, "mse": report.mse, "explained_variance": report.explainedVariance,
            "ce_clean": report.ceClean, "ce_reconstructed": report.ceReconstructed, "ce_ablated": report.ceAblated,
        ]
        metrics["ce_recovered"] = report.ceRecovered
        guard !contrasts.isEmpty else { return metrics }
        let concepts = Double(contrasts.count)
        metrics["i_cdf"] = contrasts.reduce(0) { $0 + $1.iCDF } / concepts
        for threshold in thresholds {
            metrics["l0_t_\(threshold)"] =
                Double(contrasts.reduce(0) { $0 + $1.l0(threshold: threshold) }) / concepts
        }
        return metrics
    }

    private func record(_ member: Member, _ result: CollectionRun.Result, _ metrics: [String: Double]) -> SAERecord {
        let info = member.sae.info
        var metrics = metrics
        let neurons = result.collection.neurons
        metrics["dead_fraction"] = Double(neurons.count { $0.fired == 0 }) / Double(max(neurons.count, 1))
        return SAERecord(
            name: info.name, model: model.configuration.name, hook: result.hook,
            architecture: info.architecture.rawValue, dIn: info.dIn, dSAE: info.dSAE,
            k: activeLimit(info), path: member.path, sha256: member.sha256, metrics: metrics,
            isDefault: member.isDefault,
            collection: CollectionFacts(
                corpus: corpusName, countedTokens: result.collection.counts.total,
                contextLength: collection.contextLength,
                excludedTokens: scope.exclusions))
    }

    /// Active neurons a token, where the architecture fixes it.
    private func activeLimit(_ info: SAEInfo) -> Int? {
        guard case .int(let k)? = info.parameters["k"] else { return nil }
        return k
    }
}
