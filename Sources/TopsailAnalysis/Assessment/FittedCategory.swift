/// A category's neurons and their fitted weights.
struct FittedCategory: Sendable {
    let places: [NeuronPlace]
    let weights: LogisticRegression.Fit
    private let category: CategoryFit

    /// - Returns: `nil` where there are no neurons, or no texts on one side.
    init?(
        _ target: AssessmentTarget, places: [NeuronPlace], neurons: AssessmentNeurons, pooling: FeaturePooling,
        strength: Double, examples: [AssessmentExample]
    ) {
        category = CategoryFit(target, neurons: places, pooling: pooling, normalisers: neurons.normalisers)
        guard let weights = category.fit(examples, strength: strength) else { return nil }
        self.places = places
        self.weights = weights
    }

    func logit(_ features: TextFeatures) -> Double { category.logit(features, weights) }

    /// The neurons that speak for the category most: by weight times the feature's deviation over the texts.
    func strongest(_ limit: Int, over examples: [AssessmentExample]) -> [NeuronPlace] {
        var sums = Array(repeating: 0.0, count: places.count), squares = sums
        for example in examples {
            for (index, value) in category.row(example.features) {
                sums[index] += value
                squares[index] += value * value
            }
        }
        let count = Double(max(examples.count, 1))
        let strengths = places.indices.map { index in
            let mean = sums[index] / count
            return weights.weights[index] * max(squares[index] / count - mean * mean, 0).squareRoot()
        }
        let ranked = places.indices.filter { strengths[$0] > 0 }.sorted {
            (strengths[$1], $0) < (strengths[$0], $1)
        }
        return ranked.prefix(limit).map { places[$0] }.sorted()
    }
}
