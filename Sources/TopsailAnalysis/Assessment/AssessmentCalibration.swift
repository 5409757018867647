import TopsailTensor

/// Fits an assessment to contrast pairs and labelled prompts, and chooses how by cross-validation on the same texts.
public struct AssessmentCalibration: Sendable {
    /// Names of the SAEs, in the order of the features.
    public var saes: [String]
    public var neurons: AssessmentNeurons
    public var targets: [AssessmentTarget]

    /// What is tried.
    public var poolings = FeaturePooling.allCases
    public var strengths = [0.1, 0.3]
    /// Most neurons of a domain or concept, rising: those that speak for it most when all are fitted, fitted anew. The first number
    /// is taken that loses no more than the tolerance, else all neurons. A score that names its neurons should rest on few, and
    /// many neurons fit anything, whatever they are. What spans several domains keeps all of theirs.
    public var limits = [20, 40, 60, 80, 100, 120, 160, 240]
    /// How much mean AUROC may be lost for fewer neurons.
    public var tolerance = 0.01
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
        /// Most neurons of a domain; `nil` is all.
        public var limit: Int?
        /// Mean over the domains, and over `harmful` where limits were not tried yet, of texts that have it against texts that have
        /// no category.
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
        let parts = parts(of: examples)
        // Settings are chosen by domains: concepts have too few texts to tell settings apart.
        let deciding = targets.indices.filter { !targets[$0].slug.contains(".") }
        let limited = deciding.filter { !targets[$0].spansDomains }
        let most =
            deciding.count * poolings.count * strengths.count + limited.count * limits.count + targets.count
        var done = 0
        func step(_ fit: () -> [FittedCategory?]) throws -> [FittedCategory?] {
            if isCancelled() { throw CancellationError() }
            defer { done += 1 }
            progress(done, most)
            return fit()
        }
        var trials: [Trial] = []
        let best = try best(of: deciding, examples, parts, &trials, step)
        let limit = try fewest(limited, best, examples, parts, &trials, step)

        let everything = Part(
            isTraining: examples.map { _ in true }, training: examples, chosen: tagged ?? neurons.chosen(examples))
        func fitted(_ target: AssessmentTarget, _ parts: [Part], whole: [FittedCategory?]? = nil) -> [FittedCategory?] {
            let whole = whole ?? self.fitted(target, parts, best.setting)
            guard let limit, !target.spansDomains else { return whole }
            return narrowed(target, whole, parts, best.setting, limit)
        }
        let held = try targets.indices.map { index in
            try step { fitted(targets[index], parts, whole: best.fits[index]) }
        }
        let model = model(
            fits: targets.map { fitted($0, [everything])[0] }, logits: held.map { Self.logits(examples, parts, $0) },
            best.setting, examples, named: modelName)
        return Outcome(model: model, trials: trials)
    }

    // MARK: Choosing by cross-validation

    private typealias Step = (() -> [FittedCategory?]) throws -> [FittedCategory?]

    /// The folds. Neurons are chosen anew in each: the texts that test must not have chosen them.
    private func parts(of examples: [AssessmentExample]) -> [Part] {
        (0..<folds).map { fold in
            let isTraining = examples.map { $0.group % folds != fold }
            let training = zip(examples, isTraining).filter(\.1).map(\.0)
            return Part(isTraining: isTraining, training: training, chosen: neurons.chosen(training))
        }
    }

    /// A setting with its fits, by place in `targets`.
    private struct Fitted {
        var setting: Setting
        var fits: [Int: [FittedCategory?]]
        var mean: Double
    }

    /// The setting with the highest mean AUROC over the targets at `indices`.
    private func best(
        of indices: [Int], _ examples: [AssessmentExample], _ parts: [Part], _ trials: inout [Trial], _ step: Step
    ) throws -> Fitted {
        var best: Fitted?
        for setting in poolings.flatMap({ pooling in strengths.map { Setting(pooling: pooling, strength: $0) } }) {
            var fits: [Int: [FittedCategory?]] = [:]
            for index in indices { fits[index] = try step { fitted(targets[index], parts, setting) } }
            let mean = mean(of: fits, examples, parts)
            trials.append(Trial(pooling: setting.pooling, strength: setting.strength, meanAUROC: mean))
            if mean > best?.mean ?? -1 { best = Fitted(setting: setting, fits: fits, mean: mean) }
        }
        guard let best else { preconditionFailure("at least one setting is tried") }
        return best
    }

    /// The smallest limit with which the targets at `indices` lose no more than the tolerance; `nil` when each loses more.
    private func fewest(
        _ indices: [Int], _ whole: Fitted, _ examples: [AssessmentExample], _ parts: [Part],
        _ trials: inout [Trial], _ step: Step
    ) throws -> Int? {
        guard !indices.isEmpty else { return nil }
        let most = mean(of: whole.fits.filter { indices.contains($0.key) }, examples, parts)
        for limit in limits {
            var fits: [Int: [FittedCategory?]] = [:]
            for index in indices {
                fits[index] = try step { narrowed(targets[index], whole.fits[index]!, parts, whole.setting, limit) }
            }
            let mean = mean(of: fits, examples, parts)
            trials.append(
                Trial(
                    pooling: whole.setting.pooling, strength: whole.setting.strength, limit: limit, meanAUROC: mean))
            if mean >= most - tolerance { return limit }
        }
        return nil
    }

    /// Mean AUROC over the targets that were fitted.
    private func mean(
        of fits: [Int: [FittedCategory?]], _ examples: [AssessmentExample], _ parts: [Part]
    ) -> Double {
        let values = fits.sorted { $0.key < $1.key }.compactMap { index, fits in
            Self.auroc(targets[index], examples, Self.logits(examples, parts, fits))
        }
        return values.reduce(0, +) / Double(max(values.count, 1))
    }

    // MARK: Fitting

    private struct Setting: Sendable {
        var pooling: FeaturePooling
        var strength: Double
    }

    /// The texts that something is fitted to, and the neurons that these choose.
    private struct Part: Sendable {
        var isTraining: [Bool]
        var training: [AssessmentExample]
        var chosen: [String: [NeuronPlace]]
    }

    /// The target fitted to each part with all of its neurons.
    private func fitted(_ target: AssessmentTarget, _ parts: [Part], _ setting: Setting) -> [FittedCategory?] {
        Parallel.map(count: parts.count) { index in
            let part = parts[index]
            let places = Set(target.concepts.flatMap { part.chosen[$0] ?? [] }).sorted()
            return fit(target, places, part, setting)
        }
    }

    /// The target fitted to each part with the neurons that speak for it most.
    private func narrowed(
        _ target: AssessmentTarget, _ fits: [FittedCategory?], _ parts: [Part], _ setting: Setting, _ limit: Int
    ) -> [FittedCategory?] {
        Parallel.map(count: parts.count) { index in
            guard let whole = fits[index], whole.places.count > limit else { return fits[index] }
            return fit(target, whole.strongest(limit, over: parts[index].training), parts[index], setting)
        }
    }

    private func fit(
        _ target: AssessmentTarget, _ places: [NeuronPlace], _ part: Part, _ setting: Setting
    ) -> FittedCategory? {
        FittedCategory(
            target, places: places, neurons: neurons, pooling: setting.pooling, strength: setting.strength,
            examples: part.training)
    }

    /// The logit of each example by the fit that did not see it.
    private static func logits(
        _ examples: [AssessmentExample], _ parts: [Part], _ fits: [FittedCategory?]
    ) -> [Double?] {
        var logits = [Double?](repeating: nil, count: examples.count)
        for (part, fit) in zip(parts, fits) {
            guard let fit else { continue }
            for index in examples.indices where !part.isTraining[index] {
                logits[index] = fit.logit(examples[index].features)
            }
        }
        return logits
    }

    /// Texts that have the category against texts that have none.
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
            case .present, .harmful: if target.isPositive(example.role) { positives.append(logit) }
            case .absent, .harmless, .background: negatives.append(logit)
            }
        }
        return (positives, negatives)
    }

    private func model(
        fits: [FittedCategory?], logits: [[Double?]], _ setting: Setting, _ examples: [AssessmentExample],
        named name: String
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
        let categories = targets.indices.compactMap { index -> AssessmentModel.Category? in
            guard let fit = fits[index] else { return nil }
            let terms = zip(fit.places, fit.weights.weights).filter { $0.1 != 0 }
                .map { AssessmentModel.Term(neuron: position($0.0), weight: $0.1) }
            return .init(
                slug: targets[index].slug, bias: fit.weights.bias,
                threshold: Logistic.value(threshold(Self.sides(targets[index], examples, logits[index]).negatives)),
                terms: terms.sorted { ($1.weight, $0.neuron) < ($0.weight, $1.neuron) },
                crossValidatedAUROC: Self.auroc(targets[index], examples, logits[index]))
        }
        return AssessmentModel(
            model: name, saes: saes, pooling: setting.pooling, strength: setting.strength,
            pairs: Set(examples.filter(\.isAbsentHalf).map(\.group)).count, neurons: listed,
            categories: categories)
    }

    /// The logit that the wanted share of texts without the category exceeds.
    private func threshold(_ negatives: [Double]) -> Double {
        guard !negatives.isEmpty else { return 0 }
        let sorted = negatives.sorted()
        return max(sorted[Int((1 - falsePositiveRate) * Double(sorted.count - 1))], 0)
    }
}
