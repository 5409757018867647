/// Fits an assessment to contrast pairs, and chooses how by cross-validation on the same pairs.
public struct AssessmentCalibration {
    /// Names of the SAEs, in the order of the features.
    public var saes: [String]
    public var neurons: AssessmentNeurons
    public var targets: [AssessmentTarget]

    /// What is tried.
    public var poolings = FeaturePooling.allCases
    public var strengths = [0.1, 0.3]
    public var folds = 5
    /// Share of the texts without a category that may be flagged for it.
    public var falsePositiveRate = 0.05

    public init(saes: [String], neurons: AssessmentNeurons, targets: [AssessmentTarget]) {
        self.saes = saes
        self.neurons = neurons
        self.targets = targets
    }

    /// How one setting did on texts that it was not fitted to.
    public struct Trial: Sendable, Hashable, Codable {
        public var pooling: FeaturePooling
        public var strength: Double
        /// Mean over the targets of texts that have it against absent and everyday texts.
        public var meanAUROC: Double
    }

    public struct Outcome: Sendable {
        public var model: AssessmentModel
        /// In the order they were tried.
        public var trials: [Trial]
    }

    /// - Parameters:
    ///   - tagged: The neurons of each concept for the final fit; `nil` takes those that the pairs choose.
    ///   - modelName: What the language model is called.
    ///   - progress: Called with the fits done and to do.
    public func run(
        _ examples: [AssessmentExample], tagged: [String: [NeuronPlace]]? = nil, modelName: String,
        isCancelled: () -> Bool = { false }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> Outcome {
        let parts = (0..<folds).map { fold in examples.map { $0.group % folds != fold } }
        // Neurons are chosen anew in each fold: the texts that test must not have chosen them.
        let chosen = parts.map { isTraining in
            neurons.chosen(zip(examples, isTraining).filter(\.1).map(\.0))
        }
        let settings = poolings.flatMap { pooling in strengths.map { (pooling, $0) } }
        // The setting is chosen by domains: concepts have too few texts to tell settings apart.
        let deciding = targets.indices.filter { !targets[$0].slug.contains(".") }
        let total = settings.count * deciding.count + targets.count - deciding.count
        var done = 0
        func logits(_ index: Int, _ setting: (FeaturePooling, Double)) throws -> [Double?] {
            if isCancelled() { throw CancellationError() }
            defer { done += 1 }
            progress(done, total)
            return held(targets[index], examples, parts, chosen, setting)
        }
        var trials: [Trial] = []
        var best: (setting: (FeaturePooling, Double), logits: [Int: [Double?]], mean: Double)?
        for setting in settings {
            var found: [Int: [Double?]] = [:]
            for index in deciding { found[index] = try logits(index, setting) }
            let values = deciding.compactMap { Self.auroc(targets[$0], examples, found[$0]!) }
            let mean = values.reduce(0, +) / Double(max(values.count, 1))
            trials.append(Trial(pooling: setting.0, strength: setting.1, meanAUROC: mean))
            if mean > best?.mean ?? -1 { best = (setting, found, mean) }
        }
        guard var best else { preconditionFailure("at least one setting is tried") }
        for index in targets.indices where best.logits[index] == nil {
            best.logits[index] = try logits(index, best.setting)
        }
        let model = final(
            examples, tagged ?? neurons.chosen(examples), best.setting,
            logits: targets.indices.map { best.logits[$0]! }, modelName: modelName)
        return Outcome(model: model, trials: trials)
    }

    private func fit(
        _ target: AssessmentTarget, _ chosen: [String: [NeuronPlace]], _ pooling: FeaturePooling
    ) -> CategoryFit {
        CategoryFit(
            target, neurons: Self.places(target, chosen), pooling: pooling, normalisers: neurons.normalisers)
    }

    private static func places(_ target: AssessmentTarget, _ chosen: [String: [NeuronPlace]]) -> [NeuronPlace] {
        Set(target.concepts.flatMap { chosen[$0] ?? [] }).sorted()
    }

    /// The logit of each example by the fit that did not see it.
    private func held(
        _ target: AssessmentTarget, _ examples: [AssessmentExample], _ parts: [[Bool]],
        _ chosen: [[String: [NeuronPlace]]], _ setting: (FeaturePooling, Double)
    ) -> [Double?] {
        var logits = [Double?](repeating: nil, count: examples.count)
        for (isTraining, chosen) in zip(parts, chosen) {
            let category = fit(target, chosen, setting.0)
            let training = zip(examples, isTraining).filter(\.1).map(\.0)
            guard let weights = category.fit(training, strength: setting.1) else { continue }
            for index in examples.indices where !isTraining[index] {
                logits[index] = category.logit(examples[index].features, weights)
            }
        }
        return logits
    }

    /// Texts that have the category against absent and everyday texts.
    private static func auroc(
        _ target: AssessmentTarget, _ examples: [AssessmentExample], _ logits: [Double?]
    ) -> Double? {
        let sides = sides(target, examples, logits)
        return AUROC.value(positives: sides.positives, negatives: sides.negatives)
    }

    private static func sides(
        _ target: AssessmentTarget, _ examples: [AssessmentExample], _ logits: [Double?]
    ) -> (positives: [Double], negatives: [Double]) {
        var positives: [Double] = [], negatives: [Double] = []
        for (example, logit) in zip(examples, logits) {
            guard let logit else { continue }
            switch example.role {
            case .present: if target.isPositive(example.role) { positives.append(logit) }
            case .absent, .background: negatives.append(logit)
            }
        }
        return (positives, negatives)
    }

    private func final(
        _ examples: [AssessmentExample], _ tagged: [String: [NeuronPlace]], _ setting: (FeaturePooling, Double),
        logits: [[Double?]], modelName: String
    ) -> AssessmentModel {
        var positions: [NeuronPlace: Int] = [:]
        var listed: [AssessmentModel.Neuron] = []
        func position(_ place: NeuronPlace) -> Int {
            if let known = positions[place] { return known }
            positions[place] = listed.count
            listed.append(
                .init(
                    sae: saes[place.sae], index: place.index,
                    normaliser: neurons.normalisers[place.sae][place.index]))
            return listed.count - 1
        }
        let categories = zip(targets, logits).compactMap { target, logits -> AssessmentModel.Category? in
            let places = Self.places(target, tagged)
            let category = fit(target, tagged, setting.0)
            guard let weights = category.fit(examples, strength: setting.1) else { return nil }
            let terms = places.indices.filter { weights.weights[$0] != 0 }
                .map { AssessmentModel.Term(neuron: position(places[$0]), weight: weights.weights[$0]) }
            return .init(
                slug: target.slug, bias: weights.bias,
                threshold: Logistic.value(threshold(Self.sides(target, examples, logits).negatives)),
                terms: terms.sorted { ($1.weight, $0.neuron) < ($0.weight, $1.neuron) },
                crossValidatedAUROC: Self.auroc(target, examples, logits))
        }
        return AssessmentModel(
            model: modelName, saes: saes, pooling: setting.0, strength: setting.1,
            pairs: Set(examples.filter { $0.role != .background }.map(\.group)).count, neurons: listed,
            categories: categories)
    }

    /// The logit that the wanted share of texts without the category exceeds.
    private func threshold(_ negatives: [Double]) -> Double {
        guard !negatives.isEmpty else { return 0 }
        let sorted = negatives.sorted()
        return max(sorted[Int((1 - falsePositiveRate) * Double(sorted.count - 1))], 0)
    }
}
