/// Suggestions for a name that was mistyped.
enum NearestNames {
    /// Up to three of `names`: those that contain `name`, else those within a third of its length in edits.
    static func of(_ name: String, among names: [String]) -> [String] {
        let wanted = Array(name.lowercased().utf8.prefix(128))
        guard !wanted.isEmpty else { return [] }
        let containing = names.filter { $0.contains(name.lowercased()) }
        if !containing.isEmpty { return Array(containing.prefix(3)) }
        let ranked = names.map { candidate in
            // A concept may be written without its domain.
            let tail = candidate.split(separator: ".").last.map { Array($0.utf8) } ?? []
            return (candidate, min(distance(wanted, Array(candidate.utf8)), distance(wanted, tail)))
        }
        let limit = max(1, wanted.count / 3)
        return ranked.filter { $0.1 <= limit }.sorted { $0.1 < $1.1 }.prefix(3).map(\.0)
    }

    /// Levenshtein's distance, one row at a time.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var previous = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var current = [i + 1]
            for (j, y) in b.enumerated() {
                current.append(min(previous[j] + (x == y ? 0 : 1), previous[j + 1] + 1, current[j] + 1))
            }
            previous = current
        }
        return previous[b.count]
    }
}
