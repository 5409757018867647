/// A text with a known answer, for fitting and testing an assessment.
public struct AssessmentExample: Sendable {
    public enum Role: Sendable, Hashable {
        /// Has the concept.
        case present(concept: String)
        /// The other half of a pair of that concept.
        case absent(concept: String)
        /// Everyday text.
        case background
    }

    public var features: TextFeatures
    public var role: Role
    /// Examples of a group stay together in cross-validation: the two texts of a pair.
    public var group: Int

    public init(features: TextFeatures, role: Role, group: Int) {
        self.features = features
        self.role = role
        self.group = group
    }

    /// The examples of contrast pairs and everyday texts.
    ///
    /// - Parameters:
    ///   - features: Of each pair's present and absent text in turn, then of the background.
    public static func examples(_ pairs: [ContrastPair], features: [TextFeatures]) -> [AssessmentExample] {
        features.enumerated().map { index, features in
            guard index < 2 * pairs.count else {
                return AssessmentExample(features: features, role: .background, group: index - pairs.count)
            }
            let concept = pairs[index / 2].concept
            return AssessmentExample(
                features: features,
                role: index.isMultiple(of: 2) ? .present(concept: concept) : .absent(concept: concept),
                group: index / 2)
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

    func isPositive(_ role: AssessmentExample.Role) -> Bool {
        guard case .present(let concept) = role else { return false }
        return concepts.contains(concept)
    }
}
