/// What merging catalogs did.
public struct MergeReport: Sendable, Hashable {
    /// What was taken from one catalog: new rows, or rows of ours that were replaced.
    public struct Part: Sendable, Hashable {
        public let path: String
        public var models = 0
        public var saes = 0
        public var categories = 0
        public var documents = 0
        /// Neurons that were not here, or of which nothing derived was known here.
        public var neurons = 0
        public var explanations = 0
        public var scores = 0
        public var derivedTags = 0
        /// A person's tags, explanations, notes, ratings, lists, members of lists and categories.
        public var annotations = 0

        /// Rows taken in all.
        public var total: Int {
            models + saes + categories + documents + neurons + explanations + scores + derivedTags + annotations
        }
    }

    /// Something that both sides have and that differs; ours was kept.
    public struct Conflict: Sendable, Hashable {
        /// Path of the other catalog.
        public let path: String
        /// `note on 14_2`, `list weapons`, `model gpt2`.
        public let subject: String
        public let ours: String
        public let theirs: String
    }

    public internal(set) var parts: [Part] = []
    public internal(set) var conflicts: [Conflict] = []

    /// Whether anything was taken.
    public var changed: Bool { parts.contains { $0.total > 0 } }
}

/// Whose derived values stay where both catalogs have some.
public enum MergePreference: String, Sendable, Hashable, CaseIterable {
    case ours, theirs
}
