import TopsailAnalysis
import TopsailCore

/// Two prompts that differ in whether a concept is there, as a person wrote or chose them.
public struct PromptPair: Sendable, Hashable {
    /// Slug of the concept, e.g. `violence.threat`, or a word of a person's own.
    public var concept: String
    public var present: String
    public var absent: String
    /// Whether a person wrote it; own pairs can be changed.
    public var isOwn: Bool

    public init(concept: String, present: String, absent: String, isOwn: Bool = false) {
        self.concept = concept
        self.present = present
        self.absent = absent
        self.isOwn = isOwn
    }
}

public typealias ContrastEvidence = TopsailAnalysis.ContrastEvidence

/// What the pairs of one concept say about one SAE.
public struct ContrastFinding: Sendable, Hashable {
    /// Neurons that fire only where the concept is in at least this share of the pairs.
    public struct Count: Sendable, Hashable {
        public var threshold: Double
        public var neurons: Int
        /// The same with the roles exchanged: what chance gives.
        public var reversed: Int

        public init(threshold: Double, neurons: Int, reversed: Int) {
            self.threshold = threshold
            self.neurons = neurons
            self.reversed = reversed
        }
    }

    /// One neuron that tells the concept from its absence.
    public struct Neuron: Sendable, Hashable {
        public var index: Int
        /// Share of the pairs where it fires only where the concept is.
        public var frequency: Double
        /// Share where it fires only where the concept is not.
        public var reverseFrequency: Double
        /// Mean difference of the largest activations; in 0.999 quantiles where `ContrastFinding.isNormalised`.
        public var effect: Double
        /// Share of chance finds among the neurons that are at least as unlikely (Benjamini and Hochberg 1995).
        public var qValue: Double
        /// Whether it passes the selection that gives neurons their contrast tags.
        public var isChosen: Bool
        /// The two sides text by text, and what chance would give.
        public var evidence: ContrastEvidence

        public init(
            index: Int, frequency: Double, reverseFrequency: Double, effect: Double, qValue: Double, isChosen: Bool,
            evidence: ContrastEvidence
        ) {
            self.index = index
            self.frequency = frequency
            self.reverseFrequency = reverseFrequency
            self.effect = effect
            self.qValue = qValue
            self.isChosen = isChosen
            self.evidence = evidence
        }
    }

    /// The neurons that fire on one side of the pairs only.
    public struct Side: Sendable, Hashable {
        /// Those that the selection chose, then others by rising chance; at most `ContrastFinding.limit`.
        public var neurons: [Neuron]
        /// How many there are before the limit.
        public var total: Int

        public init(neurons: [Neuron], total: Int) {
            self.neurons = neurons
            self.total = total
        }
    }

    public var sae: String
    public var concept: String
    public var pairs: Int
    public var iCDF: Double
    /// `I_CDF` with the roles exchanged.
    public var reversedICDF: Double
    /// By rising threshold.
    public var counts: [Count]
    /// Texts without the concept that chance was measured on.
    public var backgroundTexts: Int
    /// Whether effects are in the neurons' 0.999 quantiles, and so compare between neurons.
    public var isNormalised: Bool
    /// Neurons that fire where the concept is and are silent where it is not.
    public var present: Side
    /// Likewise with the roles of the texts exchanged: frequencies, effects and evidence are those of the absent texts.
    public var absent: Side

    public var neurons: [Neuron] { present.neurons }

    public static let limit = 200
    public static let thresholds = [0.25, 0.5, 0.75]

    public init(
        sae: String, concept: String, pairs: Int, iCDF: Double, reversedICDF: Double, counts: [Count],
        backgroundTexts: Int, isNormalised: Bool, present: Side, absent: Side
    ) {
        self.sae = sae
        self.concept = concept
        self.pairs = pairs
        self.iCDF = iCDF
        self.reversedICDF = reversedICDF
        self.counts = counts
        self.backgroundTexts = backgroundTexts
        self.isNormalised = isNormalised
        self.present = present
        self.absent = absent
    }
}

/// One step of a contrast run.
public enum ContrastEvent: Sendable {
    case progress(concept: String, texts: Int, of: Int)
    /// Findings that take the place of earlier ones of the same concept and SAE.
    case findings([ContrastFinding])
}

/// Where contrast pairs come from and what is made of them. Calls never block the caller's thread.
public protocol ContrastService: Sendable {
    /// The pairs that came with the program, then a person's own.
    func pairs() async throws -> [PromptPair]
    /// The pairs of a JSON Lines file.
    func pairs(at path: String) async throws -> [PromptPair]
    /// Keeps a person's own pairs, in the place of those kept before.
    func keep(_ own: [PromptPair]) async throws
    /// Reads the pairs concept by concept. What earlier runs of the session found counts towards the chance level.
    /// Ending the loop or cancelling the task stops the model at the next layer.
    func contrast(_ pairs: [PromptPair]) -> AsyncThrowingStream<ContrastEvent, any Error>
}
