import Foundation

/// Fits one category's weights: texts that have it against its pairs' other halves, other categories' texts, harmless prompts, and
/// everyday texts.
struct CategoryFit: Sendable {
    let target: AssessmentTarget
    /// Number of features.
    let width: Int
    /// Whether a feature may only speak for the category.
    var isNonNegative = false
    /// The features of a text that are not zero.
    let row: @Sendable (TextFeatures) -> [(index: Int, value: Double)]

    /// What a text is to the category.
    private enum Kind: CaseIterable {
        case present, harmful
        case ownAbsent, otherAbsent, harmless, background, other

        var isPositive: Bool { self == .present || self == .harmful }

        /// How much the texts of a kind count in all, relative to the others on their side. Texts of other categories count less:
        /// categories overlap, and a threat of suicide is not to be pushed down for being a threat.
        var share: Double { self == .other ? 0.4 : 1 }
    }

    /// - Returns: `nil` where there are no features, or no texts on one side.
    func fit(_ examples: [AssessmentExample], strength: Double) -> LogisticRegression.Fit? {
        guard width > 0 else { return nil }
        let kinds = examples.map { kind($0.role) }
        var counts = [Kind: Int]()
        for kind in kinds { counts[kind, default: 0] += 1 }
        func shares(ofPositive isPositive: Bool) -> Double {
            Kind.allCases.filter { $0.isPositive == isPositive && counts[$0] != nil }.reduce(0) { $0 + $1.share }
        }
        let shares = (positive: shares(ofPositive: true), negative: shares(ofPositive: false))
        guard shares.positive > 0, shares.negative > 0 else { return nil }
        // Both sides count the same, together as much as there are texts.
        let half = Double(examples.count) / 2
        let rows = zip(examples, kinds).map { example, kind in
            let share = kind.share / (kind.isPositive ? shares.positive : shares.negative)
            return LogisticRegression.Example(
                features: row(example.features), isPositive: kind.isPositive,
                weight: half * share / Double(counts[kind]!))
        }
        return LogisticRegression(strength: strength, isNonNegative: isNonNegative).fit(rows, width: width)
    }

    func logit(_ features: TextFeatures, _ fit: LogisticRegression.Fit) -> Double {
        row(features).reduce(fit.bias) { $0 + fit.weights[$1.index] * $1.value }
    }

    private func kind(_ role: AssessmentExample.Role) -> Kind {
        switch role {
        case .present(let concept): target.concepts.contains(concept) ? .present : .other
        case .harmful(let concept): target.concepts.contains(concept) ? .harmful : .other
        case .absent(let concept): target.concepts.contains(concept) ? .ownAbsent : .otherAbsent
        case .harmless: .harmless
        case .background: .background
        }
    }
}

extension CategoryFit {
    /// On pooled activations of neurons. A neuron that is tagged with a domain or concept speaks for it or not at all; what spans
    /// several domains rests on so many neurons that some tell a subject's harmless side.
    ///
    /// - Parameters:
    ///   - neurons: Without repetition.
    ///   - normalisers: By SAE and neuron.
    init(_ target: AssessmentTarget, neurons: [NeuronPlace], pooling: FeaturePooling, normalisers: [[Float]]) {
        self.init(target: target, width: neurons.count, isNonNegative: !target.spansDomains) { features in
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
