import TopsailAnalysis
import TopsailCatalog
import TopsailCore

/// An SAE as the list of checkpoints shows it: what the catalog knows, or what its own files say.
public struct CheckpointEntry: Sendable, Hashable {
    public var name: String
    public var architecture: String
    public var hook: HookPoint?
    /// The model it was trained on, as it says itself.
    public var model: String?
    public var dIn: Int
    public var dSAE: Int
    public var k: Int?
    /// Quality figures by name, as `topsail evaluate` and `topsail contrast` call them.
    public var metrics: [String: Double]
    /// Whether its neurons are called `layer_index`.
    public var isDefault: Bool
    /// Neurons with a row in the catalog.
    public var neurons: Int
    public var collection: CollectionFacts?
    /// Where its files are; `nil` when they are not here.
    public var path: String?
    /// What else its files say, by name; empty until they were opened.
    public var parameters: [Parameter]

    public struct Parameter: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(
        name: String, architecture: String, hook: HookPoint?, model: String? = nil, dIn: Int, dSAE: Int, k: Int? = nil,
        metrics: [String: Double] = [:], isDefault: Bool = false, neurons: Int = 0, collection: CollectionFacts? = nil,
        path: String? = nil, parameters: [Parameter] = []
    ) {
        self.name = name
        self.architecture = architecture
        self.hook = hook
        self.model = model
        self.dIn = dIn
        self.dSAE = dSAE
        self.k = k
        self.metrics = metrics
        self.isDefault = isDefault
        self.neurons = neurons
        self.collection = collection
        self.path = path
        self.parameters = parameters
    }
}

/// Whether an SAE belongs to a model, measured on a few texts.
public struct FitReport: Sendable, Hashable {
    public enum Verdict: Sendable, Hashable {
        case fits
        /// Widths agree, but the reconstruction is poor.
        case doubtful
        /// It cannot be used with this model, as the sentence says, or reconstructs worse than the mean would.
        case foreign(String)
    }

    public var sae: String
    public var model: String
    public var verdict: Verdict
    /// `nil` where nothing could be measured; likewise the others.
    public var explainedVariance: Double?
    public var l0: Double?
    public var ceRecovered: Double?
    public var tokens: Int

    public init(
        sae: String, model: String, verdict: Verdict, explainedVariance: Double? = nil, l0: Double? = nil,
        ceRecovered: Double? = nil, tokens: Int = 0
    ) {
        self.sae = sae
        self.model = model
        self.verdict = verdict
        self.explainedVariance = explainedVariance
        self.l0 = l0
        self.ceRecovered = ceRecovered
        self.tokens = tokens
    }
}

public typealias ChanceMatching = TopsailAnalysis.ChanceMatching

/// The neurons of two SAEs matched by the cosine of what they write.
public struct CheckpointComparison: Sendable, Hashable {
    public struct Match: Sendable, Hashable {
        /// Neuron of the first SAE.
        public var first: Int
        /// The neuron of the second that is nearest to it.
        public var second: Int
        public var cosine: Float
        /// Whether the first is also the nearest to the second.
        public var isMutual: Bool

        public init(first: Int, second: Int, cosine: Float, isMutual: Bool) {
            self.first = first
            self.second = second
            self.cosine = cosine
            self.isMutual = isMutual
        }
    }

    public var first: String
    public var second: String
    /// One for each neuron of the first that writes at all, by falling cosine.
    public var matches: [Match]
    /// What random directions would give; `nil` where there are too few.
    public var chance: ChanceMatching?

    public init(first: String, second: String, matches: [Match], chance: ChanceMatching?) {
        self.first = first
        self.second = second
        self.matches = matches
        self.chance = chance
    }
}

/// How often neurons fire: counts in steps of a quarter of a power of ten.
public struct DensityDistribution: Sendable, Hashable {
    /// Neurons by density, from the rarest.
    public var counts: [Int]
    /// Neurons that never fired.
    public var silent: Int

    public init(counts: [Int], silent: Int) {
        self.counts = counts
        self.silent = silent
    }

    /// The lowest density with a place of its own, as a power of ten; rarer ones are counted with it.
    public static let lowestPower = -6
    public static let stepsPerPower = 4
}

/// What there is to know of SAE checkpoints. Calls never block the caller's thread; cancelling the task stops the work.
public protocol CheckpointService: Sendable {
    /// The catalog's SAEs, then those of the workspace that it does not know.
    func checkpoints() async throws -> [CheckpointEntry]
    /// What the files of an SAE say.
    ///
    /// - Parameter path: Any layout that is known.
    func open(path: String) async throws -> CheckpointEntry
    /// How often the neurons of a catalogued SAE fire.
    func densities(of sae: String) async throws -> DensityDistribution
    /// Says at once when widths do not agree, and else measures the reconstruction on a few texts.
    func checkFit(of checkpoint: CheckpointEntry) async throws -> FitReport
    func compare(_ first: CheckpointEntry, with second: CheckpointEntry) async throws -> CheckpointComparison
}
