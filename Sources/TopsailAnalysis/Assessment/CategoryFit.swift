import Foundation

/// Fits one category's weights: texts that have it against its pairs' other halves, other categories' texts, and everyday texts.
struct CategoryFit: Sendable {
    let target: AssessmentTarget
    /// Number of features.
    let width: Int
    /// The features of a text that are not zero.
    let row: @Sendable (TextFeatures) -> [(index: Int, value: Double)]

    /// How much the kinds of texts without the category count in all, relative to each other. Texts of other categories count
    /// less: categories overlap, and a threat of suicide is not to be pushed down for being a threat.
    private static let ownAbsentShare = 1.0
    private static let otherAbsentShare = 1.0
    private static let backgroundShare = 1.0
    private static let otherPresentShare = 0.4

    /// - Returns: `nil` where there are no features, or no texts on one side.
    func fit(_ examples: [AssessmentExample], strength: Double) -> LogisticRegression.Fit? {
        guard width > 0 else { return nil }
        let kinds = examples.map { kind($0.role) }
        var counts = [Kind: Int]()
        for kind in kinds { counts[kind, default: 0] += 1 }
        let shares = counts.keys.filter { $0 != .positive }.reduce(0) { $0 + share($1) }
        guard counts[.positive] ?? 0 > 0, shares > 0 else { return nil }
        // Both sides count the same, together as much as there are texts.
        let half = Double(examples.count) / 2
        let rows = zip(examples, kinds).map { example, kind in
            LogisticRegression.Example(
                features: row(example.features), isPositive: kind == .positive,
                weight: half * (kind == .positive ? 1 : share(kind) / shares) / Double(counts[kind]!))
        }
        return LogisticRegression(strength: strength).fit(rows, width: width)
    }

    func logit(_ features: TextFeatures, _ fit: LogisticRegression.Fit) -> Double {
        row(features).reduce(fit.bias) { $0 + fit.weights[$1.index] * $1.value }
    }

    private enum Kind {
        case positive, ownAbsent, otherAbsent, background, otherPresent
    }

    private func share(_ kind: Kind) -> Double {
        switch kind {
        case .positive: 1
        case .ownAbsent: Self.ownAbsentShare
        case .otherAbsent: Self.otherAbsentShare
        case .background: Self.backgroundShare
        case .otherPresent: Self.otherPresentShare
        }
    }

    private func kind(_ role: AssessmentExample.Role) -> Kind {
        switch role {
        case .present(let concept): target.concepts.contains(concept) ? .positive : .otherPresent
        case .absent(let concept): target.concepts.contains(concept) ? .ownAbsent : .otherAbsent
        case .background: .background
        }
    }
}

extension CategoryFit {
    /// On pooled activations of neurons.
    ///
    /// - Parameters:
    ///   - neurons: Without repetition.
    ///   - normalisers: By SAE and neuron.
    init(_ target: AssessmentTarget, neurons: [NeuronPlace], pooling: FeaturePooling, normalisers: [[Float]]) {
        self.init(target: target, width: neurons.count) { features in
            neurons.enumerated().compactMap { column, place in
                guard let pool = features.neurons[place.sae][Int32(place.index)] else { return nil }
                let value = pooling.value(
                    pool, normaliser: normalisers[place.sae][place.index], countedTokens: features.countedTokens)
                return value > 0 ? (column, Double(value)) : nil
            }
        }
    }

    /// On which tokens occur: what words alone would say.
    init(_ target: AssessmentTarget, bagOfTokens examples: [AssessmentExample]) {
        let vocabulary = Set(examples.flatMap(\.features.tokens)).sorted()
        let columns = Dictionary(uniqueKeysWithValues: vocabulary.enumerated().map { ($1, $0) })
        self.init(target: target, width: vocabulary.count) { features in
            Set(features.tokens).compactMap { columns[$0] }.sorted().map { ($0, 1) }
        }
    }
}

/// The logistic function.
enum Logistic {
    static func value(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
