/// What an import brought, and what it left out.
public struct ImportReport: Sendable, Hashable {
    /// Something that the file holds and the catalog did not take.
    public struct Skipped: Sendable, Hashable {
        /// The first place: `line 12`.
        public var place: String
        public var why: String
        /// How often the same happened.
        public var count = 1

        /// The first place, and how many more there are.
        public var places: String { count == 1 ? place : "\(place) and \(count - 1) more" }
    }

    /// Different neurons that the file speaks of.
    public internal(set) var neurons = 0
    public internal(set) var explanations = 0
    public internal(set) var tags = 0
    public internal(set) var contexts = 0
    /// One entry for each reason.
    public private(set) var skipped: [Skipped] = []
    /// What a person should know about the import as a whole.
    public internal(set) var notes: [String] = []
    /// Entries that found no place in `skipped`.
    public private(set) var unlisted = 0

    /// Reasons that are listed at most.
    static let longest = 100
    private var positions: [String: Int] = [:]

    public init() {}

    mutating func skip(_ place: String, _ why: String) {
        if let position = positions[why] {
            skipped[position].count += 1
        } else if skipped.count < Self.longest {
            positions[why] = skipped.count
            skipped.append(Skipped(place: place, why: why))
        } else {
            unlisted += 1
        }
    }

    /// `{"neurons","explanations","tags","contexts","skipped":[{"where","why"}],"skipped_unlisted","notes"}`.
    public var json: String {
        var output = JSONOutput()
        output.object { output in
            output.member("neurons", neurons)
            output.member("explanations", explanations)
            output.member("tags", tags)
            output.member("contexts", contexts)
            output.array("skipped", skipped) { output, entry in
                output.object { output in
                    output.member("where", entry.places)
                    output.member("why", entry.why)
                }
            }
            output.member("skipped_unlisted", unlisted)
            output.array("notes", notes) { $0.value($1) }
        }
        return output.text
    }
}
