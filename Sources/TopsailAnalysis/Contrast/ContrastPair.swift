/// Two texts that differ in whether a concept is there, and in as little else as possible.
public struct ContrastPair: Sendable, Hashable, Codable {
    /// Slug of the concept, e.g. `violence.threat`.
    public var concept: String
    public var present: String
    public var absent: String

    public init(concept: String, present: String, absent: String) {
        self.concept = concept
        self.present = present
        self.absent = absent
    }
}

extension ContrastPair {
    /// The concepts of pairs, in the order of their first pairs.
    public static func concepts(_ pairs: [ContrastPair]) -> [String] {
        var seen: Set<String> = []
        return pairs.map(\.concept).filter { seen.insert($0).inserted }
    }
}
