import TopsailCore

/// A file format that can be read into a catalog.
public enum ImportFormat: String, Sendable, Hashable, CaseIterable {
    /// Safe-SAIL's `neuron_db`.
    case safeSAIL = "safe-sail"
    /// Neuronpedia's export, upload and API forms.
    case neuronpedia
    /// Batches of SAEDashboard.
    case saeDashboard = "saedashboard"
    /// A results folder of EleutherAI's delphi.
    case delphi
    /// Records of OpenAI's neuron-explainer.
    case neuronExplainer = "neuron-explainer"
    /// A table with named columns, by commas or tabs.
    case csv
    /// Topsail's own, one neuron a line; `Docs/INTERCHANGE.md` has its keys.
    case jsonl
}

/// What files do not say and a person may.
public struct ImportOptions: Sendable {
    /// Names the SAE; where a file holds several by layer, `name-layer`.
    public var name: String?
    /// Name of the language model.
    public var model: String?
    /// Where in the model the SAE reads, for files that say a layer only.
    public var site: HookSite?
    /// `d_sae`, for files that do not say it.
    public var width: Int?
    /// Strongest contexts to keep of each neuron. Topsail's own format keeps all.
    public var contexts = 10
    /// Contexts to keep of each band below the strongest.
    public var contextsPerBand = 2
    /// Sets activations on tokens that begin a text to zero: many tools let the first position's large values through.
    public var ignoresStartTokens = false

    public init() {}
}
