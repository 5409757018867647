/// Names that a person may have meant, for the hint of a "no such tensor" error.
enum NameSuggestion {
    /// Up to three of `names`, those with the longest common beginning and end first.
    static func nearest(to name: String, among names: some Sequence<String>) -> [String] {
        let wanted = Array(name.utf8)
        let scored = names.map { candidate in
            let found = Array(candidate.utf8)
            let shorter = min(wanted.count, found.count)
            let head = (0..<shorter).prefix { wanted[$0] == found[$0] }.count
            let tail = (0..<shorter - head).prefix { wanted[wanted.count - 1 - $0] == found[found.count - 1 - $0] }.count
            return (name: candidate, score: head + tail)
        }
        return scored.filter { $0.score * 2 >= wanted.count }.sorted { $0.score > $1.score }.prefix(3).map(\.name)
    }
}
