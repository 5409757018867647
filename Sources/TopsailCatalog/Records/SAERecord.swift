import TopsailCore

/// One sparse autoencoder as the catalog knows it: where it reads, how wide it is, how good it is.
public struct SAERecord: Sendable, Hashable {
    /// Unique in the catalog; the first half of `sae-name/index`.
    public var name: String
    /// Name of the language model that it was trained on; `nil` for one of images, proteins, users …, whose activations
    /// came from a file.
    public var model: String?
    /// Where in the model it reads; `nil` when its files do not say.
    public var hook: HookPoint?
    /// The field's name of its activation rule: `topk`, `jumprelu`, `standard` …
    public var architecture: String
    /// Width of what it reads (`d_in`).
    public var dIn: Int
    /// Number of latents (`d_sae`); neuron indices run over `0 ..< dSAE`.
    public var dSAE: Int
    /// Active latents per token, for the architectures that fix it.
    public var k: Int?
    /// Where the checkpoint lies, as given; relative paths start at the workspace.
    public var path: String?
    /// Checksum of the checkpoint's weights, 64 hexadecimal digits.
    public var sha256: String?
    /// Quality figures by name (`l0`, `i_cdf`, `ce_recovered` …); only finite numbers are kept.
    public var metrics: [String: Double]
    /// Whether it is its layer's member of the model's default SAE set, so that its neurons are called `layer_index`.
    public var isDefault: Bool
    /// Over which tokens its statistics were taken; `nil` before a collection.
    public var collection: CollectionFacts?
    /// How many of its neurons have a row in the catalog. Kept by the catalog, ignored when a record is registered.
    public internal(set) var neuronCount = 0

    /// Layer of the hook; `nil` for hooks without one.
    public var layer: Int? {
        guard let hook, hook.site != .finalNorm else { return nil }
        return hook.layer
    }

    public var hasLanguageModel: Bool { model != nil }

    /// What its statistics were counted over, as a person calls it: tokens of a text, whole items, or positions of items.
    public var countedUnit: String {
        if hasLanguageModel { return "tokens" }
        return collection?.contextLength ?? 1 > 1 ? "positions" : "items"
    }

    public init(
        name: String, model: String?, hook: HookPoint?, architecture: String, dIn: Int, dSAE: Int, k: Int? = nil,
        path: String? = nil, sha256: String? = nil, metrics: [String: Double] = [:], isDefault: Bool = false,
        collection: CollectionFacts? = nil
    ) {
        self.name = name
        self.model = model
        self.hook = hook
        self.architecture = architecture
        self.dIn = dIn
        self.dSAE = dSAE
        self.k = k
        self.path = path
        self.sha256 = sha256
        self.metrics = metrics
        self.isDefault = isDefault
        self.collection = collection
    }
}

/// What a neuron's statistics were counted over. Densities and quantiles mean nothing without it.
public struct CollectionFacts: Sendable, Hashable {
    /// Name of the corpus, or of the file of items.
    public var corpus: String
    /// Tokens that count, or rows of items: the denominator of every density.
    public var countedTokens: Int
    /// Longest stretch of tokens that the model saw at once; positions of an item.
    public var contextLength: Int
    /// Which tokens do not count, in words: `BOS and the chat template's tokens`. Empty when all do.
    public var excludedTokens: String

    public init(corpus: String, countedTokens: Int, contextLength: Int, excludedTokens: String) {
        self.corpus = corpus
        self.countedTokens = countedTokens
        self.contextLength = contextLength
        self.excludedTokens = excludedTokens
    }
}
