import Foundation

/// What turns the neurons that fire on a prompt into a score for each category: weights on tagged neurons, fitted on contrast pairs.
///
/// A score is the logistic function of `bias + Σ weight · value`, between 0 and 1 and comparable between prompts. It says how much a
/// prompt looks like the category's contrast texts to this model; it is no verdict on the prompt.
public struct AssessmentModel: Sendable, Hashable, Codable {
    /// A neuron that takes part.
    public struct Neuron: Sendable, Hashable, Codable {
        public var sae: String
        public var index: Int
        /// What its activations are divided by.
        public var normaliser: Float

        public init(sae: String, index: Int, normaliser: Float) {
            self.sae = sae
            self.index = index
            self.normaliser = normaliser
        }
    }

    /// A neuron's part in a category.
    public struct Term: Sendable, Hashable, Codable {
        /// Position in `neurons`.
        public var neuron: Int
        public var weight: Double

        public init(neuron: Int, weight: Double) {
            self.neuron = neuron
            self.weight = weight
        }
    }

    public struct Category: Sendable, Hashable, Codable {
        /// A category of the taxonomy, or `harmful`.
        public var slug: String
        public var bias: Double
        /// The score from which a prompt is flagged.
        public var threshold: Double
        /// By falling weight.
        public var terms: [Term]
        /// Separation of the contrast texts in cross-validation; `nil` where there were too few.
        public var crossValidatedAUROC: Double?
        /// What is taken off the log-odds for each factor e by which a text is longer than `fittedTokens`; `nil` where it was not
        /// measured.
        public var lengthSlope: Double?

        private enum CodingKeys: String, CodingKey {
            case slug, bias, threshold, terms, lengthSlope
            // As the conversion from snake case spells it.
            case crossValidatedAUROC = "crossValidatedAuroc"
        }
    }

    public var version = Self.currentVersion
    /// What the model is called that the neurons belong to.
    public var model: String
    public var saes: [String]
    public var pooling: FeaturePooling
    /// C of the regression.
    public var strength: Double
    public var pairs: Int
    /// Counted tokens up to which scores stand as they were fitted: the length of most of the texts.
    public var fittedTokens: Int?
    public var neurons: [Neuron]
    public var categories: [Category]

    public static let currentVersion = 1
    /// The overall score.
    public static let overall = "harmful"

    /// The logarithm of how many times a text is longer than those that were fitted; 0 for one that is not.
    func stretch(ofTokens count: Int) -> Double {
        guard let fittedTokens, fittedTokens > 0, count > fittedTokens else { return 0 }
        return log(Double(count) / Double(fittedTokens))
    }
}

/// Assesses texts with a model made by calibration.
public struct Assessor: Sendable {
    public let model: AssessmentModel
    /// Positions in the model's neurons, by SAE and index.
    private let positions: [[Int32: Int]]

    /// - Parameter saes: Names of the SAEs of the features that will be assessed, in their order; neurons of others count as
    ///   silent.
    public init(_ model: AssessmentModel, saes: [String]) {
        self.model = model
        positions = saes.map { name in
            Dictionary(
                uniqueKeysWithValues: model.neurons.enumerated().filter { $1.sae == name }
                    .map { (Int32($1.index), $0) })
        }
    }

    /// Why a category scored.
    public struct Evidence: Sendable, Hashable {
        public var neuron: AssessmentModel.Neuron
        /// Position of the neuron's peak in the text's tokens.
        public var token: Int
        /// Activation at the peak over the normaliser.
        public var normalised: Float
        /// What it adds to the logit.
        public var contribution: Double
    }

    public struct Score: Sendable, Hashable {
        public var slug: String
        public var score: Double
        public var isFlagged: Bool
        /// By falling contribution; only what speaks for the category.
        public var evidence: [Evidence]
        /// By rising contribution; only what speaks against it.
        public var opposing: [Evidence]
        /// What a text of this length without any of the neurons has, and what this one has: the score is the logistic function of it.
        public var bias: Double
        public var logOdds: Double
    }

    /// - Parameter evidence: Most neurons to name for each category.
    public func assess(_ features: TextFeatures, evidence limit: Int = 8) -> [Score] {
        var values: [Int: (value: Float, pool: TextFeatures.Pool)] = [:]
        for (sae, neurons) in features.neurons.enumerated() where positions.indices.contains(sae) {
            for (neuron, pool) in neurons {
                guard let position = positions[sae][neuron] else { continue }
                let value = model.pooling.value(
                    pool, normaliser: model.neurons[position].normaliser, countedTokens: features.countedTokens)
                values[position] = (value, pool)
            }
        }
        let stretch = model.stretch(ofTokens: features.countedTokens)
        return model.categories.map { category in
            let bias = category.bias - (category.lengthSlope ?? 0) * stretch
            var logit = bias
            var evidence: [Evidence] = []
            for term in category.terms {
                guard let (value, pool) = values[term.neuron] else { continue }
                let contribution = term.weight * Double(value)
                logit += contribution
                guard contribution != 0 else { continue }
                let neuron = model.neurons[term.neuron]
                evidence.append(
                    Evidence(
                        neuron: neuron, token: pool.position,
                        normalised: neuron.normaliser > 0 ? pool.maximum / neuron.normaliser : pool.maximum,
                        contribution: contribution))
            }
            evidence.sort { ($1.contribution, $0.neuron.index) < ($0.contribution, $1.neuron.index) }
            let opposing = evidence.reversed().prefix { $0.contribution < 0 }.prefix(limit)
            let score = Logistic.value(logit)
            return Score(
                slug: category.slug, score: score, isFlagged: score >= category.threshold,
                evidence: Array(evidence.prefix { $0.contribution > 0 }.prefix(limit)), opposing: Array(opposing),
                bias: bias, logOdds: logit)
        }
    }
}
