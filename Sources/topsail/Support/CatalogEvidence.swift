import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailModel
import TopsailPipeline
import TopsailSAE

/// What the catalog knows of neurons, as explainers take it.
struct CatalogEvidence {
    private let workspace: Workspace
    /// By SAE.
    private var texts: [String: TokenNames] = [:]
    private var silent: [String: SilentExcerpts] = [:]
    /// Texts that are read to find silent excerpts in.
    private static let contrastTexts = 240
    private static let silentExcerpts = 3

    init(_ workspace: Workspace) { self.workspace = workspace }

    func evidence(_ neuron: NeuronDetail) -> NeuronEvidence {
        let texts = texts[neuron.sae.name] ?? TokenNames(modelOf: neuron.sae, in: workspace)
        let excerpts = neuron.contexts.filter { !$0.tokens.isEmpty }.map { context in
            (
                context.band,
                NeuronEvidence.Excerpt(
                    texts: texts.texts(of: context), activations: context.activations, topic: context.topic)
            )
        }
        let strong = excerpts.filter { $0.0 == 0 }.map(\.1)
        let topics = Set(strong.compactMap(\.topic))
        return NeuronEvidence(
            id: neuron.id, index: neuron.row.index, strong: strong, weak: excerpts.filter { $0.0 > 0 }.map(\.1),
            silent: silent[neuron.sae.name]?.excerpts(
                neuron: neuron.row.index, near: topics, limit: Self.silentExcerpts) ?? [],
            promoted: neuron.logitEffects.top.prefix(5).map { texts.text(of: $0) },
            maximum: neuron.statistics.maxActivation ?? strong.first?.activations.max() ?? 0)
    }

    /// Reads some of the neurons' own texts with model and SAE, to know where each neuron is silent. Where that cannot be
    /// done, explainers see no silent excerpts, and a warning says why.
    ///
    /// - Parameter subject: The model whose neurons they are; the workspace's when `nil`.
    mutating func readSilent(
        _ neurons: [NeuronDetail], subject: String?, precision: Precision, progress: (Int, Int) -> Void
    ) throws {
        for (name, neurons) in Dictionary(grouping: neurons, by: { $0.sae.name }).sorted(by: { $0.key < $1.key }) {
            let sae = neurons[0].sae
            texts[name] = TokenNames(modelOf: sae, in: workspace)
            guard sae.hasLanguageModel else { continue }
            do {
                let model = try LanguageModel.open(path: workspace.modelPath(subject))
                let corpus = try CorpusActivations.read(
                    try documents(of: neurons, model), model: model, sae: try workspace.openSAE(of: sae),
                    hook: sae.hook, precision: precision, isCancelled: { Interruption.isRequested }, progress: progress)
                silent[name] = SilentExcerpts(corpus) { model.tokenizer.text(of: $0) }
            } catch let error as any UserFacingError {
                StandardError.warning("no excerpts in which neurons of \(name) are silent: \(error)")
            }
        }
    }

    /// The texts of contexts, spread over the neurons.
    private func documents(of neurons: [NeuronDetail], _ model: LanguageModel) throws -> [CorpusReading] {
        let catalog = try workspace.openCatalog()
        let ids = Set(neurons.flatMap { $0.contexts.map(\.documentID) }).sorted()
        let step = max(1, ids.count / Self.contrastTexts)
        return try stride(from: 0, to: ids.count, by: step).prefix(Self.contrastTexts).compactMap { place in
            try catalog.document(ids[place]).map { CorpusReading(stored: $0, with: model) }
        }
    }
}

extension Workspace {
    /// Opens the checkpoint of an SAE that the catalog knows: the one of that name here, else where the catalog says.
    func openSAE(of record: SAERecord) throws -> any SparseAutoencoder {
        if let here = saes().first(where: { $0.name == record.name }) {
            return try SAELoader.open(path: here.path, name: here.name)
        }
        let path = record.path.map { $0.hasPrefix("/") ? $0 : "\(root)/\($0)" }
        let place = try sae(path ?? record.name)
        return try SAELoader.open(path: place.path, name: record.name)
    }
}
