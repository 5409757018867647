/// Says in words when a neuron fires, and who said so.
public struct NeuronExplanation: Sendable, Hashable {
    /// Who wrote it: `tokens`, `labels`, `model`, `endpoint`, `import`, or `human`. A model's name may follow:
    /// `model:NAME`.
    public var source: String
    /// `nil` where a score is known but the words are not.
    public var text: String?
    /// How it was made (explainer's model, settings), for people to read.
    public var details: String?
    /// What scorers made of it.
    public var scores: [ExplanationScore]

    public init(source: String, text: String?, details: String? = nil, scores: [ExplanationScore] = []) {
        self.source = source
        self.text = text
        self.details = details
        self.scores = scores
    }

    /// The source of an explanation that a person wrote; no derived explanation may call itself so.
    public static let humanSource = "human"
    /// The source of what the makers of a catalog wrote after reading contexts: nobody's own work in this catalog, and shown
    /// before what machines wrote.
    public static let readerSource = "reader"

    /// Pearson correlation of simulated and real activation: full simulation where there is one, else by segments; those
    /// by the explainer's own figures before those that a model simulated.
    public var correlationScore: Double? {
        for scorer in ExplanationScore.correlationScorers {
            if let score = scores.first(where: { $0.scorer == scorer }) { return score.value }
        }
        for scorer in ExplanationScore.correlationScorers {
            let values = scores.filter { $0.scorer.hasPrefix(scorer + ":") }.map(\.value)
            if let best = values.max() { return best }
        }
        return nil
    }
}

/// One scorer's judgement of one explanation.
///
/// Scores of different scorers, models or test sets are not comparable, so each keeps where it came from.
public struct ExplanationScore: Sendable, Hashable {
    /// `simulation`, `segment`, `detection`, `fuzzing` …; `simulation:NAME` where a model of that name simulated.
    public var scorer: String
    /// A correlation for the simulations, a balanced accuracy or AUC for the others.
    public var value: Double
    /// Number of judged items (tokens, segments, contexts).
    public var samples: Int?
    /// Bounds of the 95 % interval.
    public var low: Double?
    public var high: Double?
    /// Model that played the scorer, and the test set, for people to read.
    public var details: String?

    public init(
        scorer: String, value: Double, samples: Int? = nil, low: Double? = nil, high: Double? = nil,
        details: String? = nil
    ) {
        self.scorer = scorer
        self.value = value
        self.samples = samples
        self.low = low
        self.high = high
        self.details = details
    }

    /// Scorers whose value is a correlation between simulated and real activation, the most telling first.
    public static let correlationScorers = ["simulation", "segment"]
}
