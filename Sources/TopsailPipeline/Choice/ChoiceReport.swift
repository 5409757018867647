import TopsailAnalysis

/// How SAEs compare before anything is explained.
public struct ChoiceReport: Sendable {
    public struct Concept: Sendable, Hashable {
        public var concept: String
        public var pairs: Int
        public var iCDF: Double
        public var reverseICDF: Double
        /// L₀,ₜ at each threshold, and with present and absent exchanged.
        public var l0: [Int]
        public var reverseL0: [Int]
    }

    public struct Candidate: Sendable, Hashable {
        public var sae: String
        public var architecture: String
        public var dSAE: Int
        /// Active neurons a token of the pairs' texts.
        public var l0: Double
        public var summary: InterpretabilitySummary
        public var concepts: [Concept]
        /// Mean AUROC over domains on prompts that nothing was fitted to; `nil` without such prompts.
        public var separation: Double?

        /// What candidates are ranked by: neurons a concept that tell it apart in at least the first threshold's share of the
        /// pairs, less those that tell its absence apart as often.
        public var rank: Double { summary.levels.first?.net ?? 0 }
    }

    /// The best first.
    public var candidates: [Candidate]
    public var pairs: Int
    public var thresholds: [Double]

    init(candidates: [Candidate], pairs: Int, thresholds: [Double]) {
        self.candidates = candidates.sorted { ($1.rank, $0.sae) < ($0.rank, $1.sae) }
        self.pairs = pairs
        self.thresholds = thresholds
    }

    /// A rank correlation over the candidates, and its 95 % bootstrap interval over them.
    public struct Agreement: Sendable, Hashable {
        public var spearman: Double
        public var interval: ClosedRange<Double>?
        public var saes: Int
    }

    /// Figures that are known before anything is explained.
    public static var figures: [(name: String, value: (Candidate) -> Double)] {
        [("net L0,t", \.rank), ("net I_CDF", \.summary.netICDF), ("I_CDF", \.summary.iCDF)]
    }

    /// How a figure that is known before explaining goes with the separation.
    public func agreement(of figure: (Candidate) -> Double) -> Agreement? {
        let points = candidates.compactMap { candidate in candidate.separation.map { (figure(candidate), $0) } }
        guard points.count >= 4, let spearman = RankCorrelation.value(points) else { return nil }
        return Agreement(
            spearman: spearman, interval: Bootstrap.interval(points, draws: 1000, RankCorrelation.value),
            saes: points.count)
    }
}
