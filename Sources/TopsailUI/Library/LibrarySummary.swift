import TopsailCore

/// What a workspace holds, as far as the screens' titles need it.
public struct LibrarySummary: Sendable, Hashable {
    /// The model that the SAEs were trained on; `nil` for an empty workspace.
    public var modelName: String?
    public var saes: [LibrarySAE]

    public init(modelName: String?, saes: [LibrarySAE]) {
        self.modelName = modelName
        self.saes = saes
    }

    /// Whether any of the SAEs, if there are some, reads a language model.
    public var hasLanguageModel: Bool { saes.isEmpty || saes.contains(where: \.hasLanguageModel) }

    public func sae(named name: String) -> LibrarySAE? { saes.first { $0.name == name } }

    /// The neuron's name as people write it: `14_1424` in the default set, else `sae-name/1424`.
    public func id(of key: NeuronKey) -> NeuronID {
        if let sae = sae(named: key.sae), sae.isDefault, let hook = sae.hook {
            return .layered(layer: hook.layer, index: key.index)
        }
        return .named(sae: key.sae, index: key.index)
    }

    /// The shortest name that is not ambiguous here: the index alone where there is one SAE.
    public func shortName(of key: NeuronKey) -> String {
        saes.count == 1 && saes[0].name == key.sae ? String(key.index) : id(of: key).description
    }
}

/// One SAE of the workspace.
public struct LibrarySAE: Sendable, Hashable {
    public var name: String
    public var hook: HookPoint?
    public var dSAE: Int
    /// Whether its neurons are called `layer_index`.
    public var isDefault: Bool
    /// Whether it reads a language model, and not what is known of images, proteins or users.
    public var hasLanguageModel: Bool
    /// Tokens behind every density; `nil` before a collection.
    public var countedTokens: Int?
    /// What those are: `counted tokens`, `items`, `positions`.
    public var countedUnit: String
    /// Which tokens were left out of the statistics, in words.
    public var excludedTokens: String?
    /// What it is and where its statistics come from, for the end of a neuron's page.
    public var provenance: [String]

    public init(
        name: String, hook: HookPoint?, dSAE: Int, isDefault: Bool, hasLanguageModel: Bool = true,
        countedTokens: Int? = nil, countedUnit: String = "counted tokens", excludedTokens: String? = nil,
        provenance: [String] = []
    ) {
        self.name = name
        self.hook = hook
        self.dSAE = dSAE
        self.isDefault = isDefault
        self.hasLanguageModel = hasLanguageModel
        self.countedTokens = countedTokens
        self.countedUnit = countedUnit
        self.excludedTokens = excludedTokens
        self.provenance = provenance
    }
}
