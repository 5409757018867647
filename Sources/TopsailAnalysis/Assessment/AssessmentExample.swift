/// A text with a known answer, for fitting and testing an assessment.
public struct AssessmentExample: Sendable {
    public enum Role: Sendable, Hashable {
        /// The half of a pair that has the concept.
        case present(concept: String)
        /// The other half of a pair of that concept.
        case absent(concept: String)
        /// A prompt by itself that has the concept.
        case harmful(concept: String)
        /// A prompt that has none, though it is about a category's subject or has its words.
        case harmless
        /// Everyday text.
        case background
    }

    public var features: TextFeatures
    public var role: Role
    /// Examples of a group stay together in cross-validation: the two texts of a pair, in each way they were read.
    public var group: Int

    public init(features: TextFeatures, role: Role, group: Int) {
        self.features = features
        self.role = role
        self.group = group
    }

    /// Every pair has one, whatever else there is.
    var isAbsentHalf: Bool {
        if case .absent = role { true } else { false }
    }

    /// The examples of contrast pairs and single texts.
    ///
    /// - Parameters:
    ///   - others: What each of the single texts is.
    ///   - features: Of each pair's present and absent text in turn, then of the single texts.
    public static func examples(
        _ pairs: [ContrastPair], others: [Role] = [], features: [TextFeatures]
    ) -> [AssessmentExample] {
        let paired = pairs.enumerated().flatMap { index, pair in
            [
                AssessmentExample(features: features[2 * index], role: .present(concept: pair.concept), group: index),
                AssessmentExample(
                    features: features[2 * index + 1], role: .absent(concept: pair.concept), group: index),
            ]
        }
        return paired
            + others.enumerated().map { index, role in
                AssessmentExample(
                    features: features[2 * pairs.count + index], role: role, group: pairs.count + index)
            }
    }
}

/// A category to be scored, and the concepts whose texts belong to it.
public struct AssessmentTarget: Sendable, Hashable {
    public var slug: String
    public var concepts: Set<String>

    public init(slug: String, concepts: Set<String>) {
        self.slug = slug
        self.concepts = concepts
    }

    /// The part of a concept's name before the dot.
    public static func domain(of concept: String) -> String { String(concept.prefix { $0 != "." }) }

    public var domains: Set<String> { Set(concepts.map(Self.domain)) }

    var spansDomains: Bool { domains.count > 1 }

    func isPositive(_ role: AssessmentExample.Role) -> Bool {
        switch role {
        case .present(let concept), .harmful(let concept): concepts.contains(concept)
        case .absent, .harmless, .background: false
        }
    }
}
