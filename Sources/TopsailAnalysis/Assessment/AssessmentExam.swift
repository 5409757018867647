import TopsailTensor

/// Compares an assessment with what else could have been made of the same contrast texts, on prompts that nothing was fitted to.
public struct AssessmentExam: Sendable {
    /// A prompt with its answer.
    public struct Item: Sendable {
        public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
            case harmful, everyday
            /// Harmless, with a harmful category's words.
            case lookalike = "benign-lookalike"
            /// Harmless, about a harmful subject.
            case sensitive = "sensitive-benign"
        }

        public var features: TextFeatures
        public var kind: Kind
        /// The domain it belongs to; `nil` for everyday prompts.
        public var domain: String?

        public init(features: TextFeatures, kind: Kind, domain: String?) {
            self.features = features
            self.kind = kind
            self.domain = domain
        }
    }

    /// Where the scores of a comparison come from.
    public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
        case assessment
        /// Difference of the mean raw activations of a category's present and absent texts, at the SAEs' hook points.
        case direction = "mean-difference direction"
        case bagOfTokens = "bag of tokens"
        /// As many neurons, each drawn among those that fire on as many texts, fitted the same way.
        case randomNeurons = "random neurons"
        /// The category's neurons with equal weights: what the choice of neurons says without any fit.
        case addedNeurons = "its neurons, added up"
        /// The same of the random neurons.
        case addedRandomNeurons = "random neurons, added up"
    }

    /// A comparison of two groups of prompts.
    public struct Result: Sendable, Hashable, Codable {
        public var method: Method
        /// `harmful`, or a domain.
        public var category: String
        /// What the category's prompts were compared with.
        public var against: String
        public var auroc: Double
        public var low: Double
        public var high: Double
        public var positives: Int
        public var negatives: Int
    }

    public var model: AssessmentModel
    public var saes: [String]
    public var targets: [AssessmentTarget]
    /// What the assessment was fitted to, with mean activations.
    public var training: [AssessmentExample]
    public var neurons: AssessmentNeurons
    public var resamples = 1000
    /// Draws of random neurons whose scores are averaged in the comparison's AUROC.
    public var randomDraws = 5

    public init(
        model: AssessmentModel, saes: [String], targets: [AssessmentTarget], training: [AssessmentExample],
        neurons: AssessmentNeurons
    ) {
        self.model = model
        self.saes = saes
        self.targets = targets
        self.training = training
        self.neurons = neurons
    }

    /// For each target and method: against everyday prompts, against harmless prompts with the same words, and against all
    /// harmless prompts.
    public func run(_ items: [Item]) -> [Result] {
        let assessor = Assessor(model, saes: saes)
        let assessed = items.map { item in
            Dictionary(uniqueKeysWithValues: assessor.assess(item.features).map { ($0.slug, $0.score) })
        }
        let baselines = AssessmentBaselines(exam: self)
        return Parallel.map(count: targets.count) { index in
            let target = targets[index]
            let assessment = assessed.map { $0[target.slug] ?? 0 }
            let direction = baselines.direction(target, items)
            let words = baselines.bagOfTokens(target, items)
            let own = baselines.neurons(of: target)
            let drawn = (0..<randomDraws).map { baselines.drawn(like: own, draw: $0) }
            let random = drawn.map { baselines.fitted(target, $0, items) }
            let added = baselines.sums(target, own, items)
            let addedRandom = drawn.map { baselines.sums(target, $0, items) }
            return comparisons(target, items).flatMap { against, positives, negatives in
                let scores: [(Method, [[Double]])] = [
                    (.assessment, [assessment]), (.direction, [direction]), (.bagOfTokens, [words]),
                    (.randomNeurons, random), (.addedNeurons, [added]), (.addedRandomNeurons, addedRandom),
                ]
                return scores.compactMap { method, columns in
                    result(method, target.slug, against, columns, positives, negatives)
                }
            }
        }.flatMap(\.self)
    }

    private func comparisons(
        _ target: AssessmentTarget, _ items: [Item]
    ) -> [(against: String, positives: [Int], negatives: [Int])] {
        let isOverall = target.slug == AssessmentModel.overall
        func places(_ isIncluded: (Item) -> Bool) -> [Int] { items.indices.filter { isIncluded(items[$0]) } }
        let domains = isOverall ? target.domains : [target.slug]
        let positives = places { $0.kind == .harmful && $0.domain.map(domains.contains) ?? false }
        let related = places {
            ($0.kind == .lookalike || $0.kind == .sensitive) && (isOverall || $0.domain == target.slug)
        }
        return [
            ("everyday", positives, places { $0.kind == .everyday }),
            ("look-alikes", positives, related.filter { items[$0].kind == .lookalike }),
            ("sensitive", positives, related.filter { items[$0].kind == .sensitive }),
            ("all benign", positives, places { $0.kind != .harmful }),
        ].filter { !$0.1.isEmpty && !$0.2.isEmpty }
    }

    private func result(
        _ method: Method, _ category: String, _ against: String, _ columns: [[Double]], _ positives: [Int],
        _ negatives: [Int]
    ) -> Result? {
        func mean(_ drawn: [[Int]]) -> Double {
            let values = columns.compactMap { column in
                AUROC.value(
                    positives: drawn[0].map { column[positives[$0]] }, negatives: drawn[1].map { column[negatives[$0]] }
                )
            }
            return values.reduce(0, +) / Double(max(values.count, 1))
        }
        let bootstrap = Bootstrap(resamples: resamples)
        let draws = bootstrap.draws(counts: [positives.count, negatives.count], statistic: mean)
        guard let interval = bootstrap.interval(of: draws) else { return nil }
        return Result(
            method: method, category: category, against: against,
            auroc: mean([Array(positives.indices), Array(negatives.indices)]), low: interval.lowerBound,
            high: interval.upperBound, positives: positives.count, negatives: negatives.count)
    }
}
