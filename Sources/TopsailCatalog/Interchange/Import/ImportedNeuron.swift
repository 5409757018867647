import TopsailCore

/// One neuron as a file of someone else's (or of another Topsail) describes it. What the file does not say stays `nil`
/// or empty; importing then leaves what the catalog has.
public struct ImportedNeuron: Sendable {
    public var sae: ImportedSAE
    /// Index within the SAE.
    public var index: Int
    public var statistics = NeuronStatistics()
    public var histogram: ActivationHistogram?
    /// `nil` for “not said”, empty for “none”.
    public var contexts: [ImportedContext]?
    public var logitEffects: LogitEffects?
    public var similar: [NeuronLink]?
    public var coactive: [NeuronLink]?
    public var explanations: [NeuronExplanation] = []
    public var tags: [ImportedTag] = []
    public var person: ImportedPerson?

    public init(sae: ImportedSAE, index: Int) {
        self.sae = sae
        self.index = index
    }
}

/// How a file names the SAE of a neuron.
public struct ImportedSAE: Sendable, Hashable {
    /// The SAE's name; `nil` where the file knows layers only.
    public var name: String?
    /// Layer that it reads.
    public var layer: Int?
    public var model: String?
    /// Where in the model it reads.
    public var hook: HookPoint?

    public init(name: String? = nil, layer: Int? = nil, model: String? = nil, hook: HookPoint? = nil) {
        self.name = name
        self.layer = layer
        self.model = model
        self.hook = hook
    }
}

/// A stretch of text with a neuron's activation on each token, the tokens as texts.
public struct ImportedContext: Sendable, Hashable {
    public var tokens: [String]
    /// As many as `tokens`, or the context is left out.
    public var activations: [Float]
    /// `0` for one of the strongest, `n` for a sample from the `n`-th band of activation.
    public var band = 0
    public var corpus: String?
    public var topic: String?
    /// Number of the document within the corpus, where the file brings the document itself.
    public var document: Int?
    /// Position in that document.
    public var start = 0

    public init(tokens: [String], activations: [Float], band: Int = 0) {
        self.tokens = tokens
        self.activations = activations
        self.band = band
    }

    /// The largest magnitude.
    var strength: Float { activations.reduce(0) { max($0, abs($1)) } }
}

/// A category as the file calls it, with its evidence.
public struct ImportedTag: Sendable, Hashable {
    /// A slug, or a name in the scheme that the format uses.
    public var name: String
    public var source = TagSource.imported
    public var score: Double?
    public var effect: Double?
    public var pairs: Int?

    public init(_ name: String) { self.name = name }
}

/// What a person made of a neuron. It only fills what is still empty in the catalog.
public struct ImportedPerson: Sendable, Hashable {
    public var tags: [String] = []
    /// Tags of machines that the person took off.
    public var rejected: [String] = []
    public var explanation: NeuronExplanation?
    public var note: String?
    /// From 1 to 5.
    public var rating: Int?
    public var lists: [String] = []

    public init() {}
}

/// Something else that a file holds beside neurons.
public enum ImportedDeclaration: Sendable {
    /// An SAE with all that is known of it.
    case sae(SAERecord)
    /// A list of a person's.
    case list(name: String, description: String)
    /// A category; used where the catalog has no taxonomy, or where it is a person's own.
    case category(slug: String, parent: String?, label: String, description: String?, isOwn: Bool)
    /// A document that contexts point into, in a model's tokens.
    case document(corpus: String, CorpusDocument)
}
