import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailModel
import TopsailSAE

/// Where an experiment finds its model, and the SAEs that take part when none are named.
public struct ExperimentSources: Sendable {
    public var workspace: Workspace
    /// As a person names it; `nil` for the workspace's default model.
    public var model: String?
    /// As a person names them; empty for the default set.
    public var saes: [String]
    public var precision: Precision

    public init(workspace: Workspace, model: String? = nil, saes: [String] = [], precision: Precision = .fast) {
        self.workspace = workspace
        self.model = model
        self.saes = saes
        self.precision = precision
    }
}

/// The model behind the contrast and checkpoint screens: opened when first needed, with model states of its own, so that
/// prompts go on being read while an experiment runs.
public actor ExperimentSession {
    private let thread = EngineThread(label: "topsail.experiments")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    nonisolated let sources: ExperimentSources
    nonisolated let catalog: Catalog?
    private var openedModel: LanguageModel?
    private var openedSAEs: [String: any SparseAutoencoder] = [:]
    /// What the session's runs found, by SAE and concept.
    var contrasts: [String: [String: ConceptContrast]] = [:]

    public init(_ sources: ExperimentSources, catalog: Catalog?) {
        self.sources = sources
        self.catalog = catalog
    }

    func model() throws -> LanguageModel {
        if let openedModel { return openedModel }
        let model = try LanguageModel.open(path: sources.workspace.modelPath(sources.model))
        try model.requireTokenizer()
        openedModel = model
        return model
    }

    /// - Parameter name: What the SAE goes by.
    func sae(at path: String, named name: String) throws -> any SparseAutoencoder {
        if let opened = openedSAEs[path], opened.info.name == name { return opened }
        let sae = try SAELoader.open(path: path, name: name)
        openedSAEs[path] = sae
        return sae
    }

    /// The SAEs that take part in contrasts.
    func contrastedSAEs() throws -> [any SparseAutoencoder] {
        let chosen =
            try sources.saes.isEmpty
            ? sources.workspace.defaultSAEs(catalog: catalog)
            : sources.workspace.languageSAEs(sources.saes, catalog: catalog)
        return try chosen.map { try sae(at: $0.path, named: $0.name) }
    }
}
