/// Names that a person may have meant, for the hint of a "no such tensor" error.
enum NameSuggestion {
    /// Up to three of `names`, those with the longest common beginning and end first.
    static func nearest(to name: String, among names: some Sequence<String>) -> [String] {
        let wanted = Array(name.utf8)
        let scored = names.map { candidate in
            let found = Array(candidate.utf8)
            let shorter = min(wanted.count, found.count)
            let head = zip(wanted, found).prefix { $0 == $1 }.count
            let tail = zip(wanted.reversed(), found.reversed()).prefix(shorter - head).prefix { $0 == $1 }.count
            return (name: candidate, score: head + tail)
        }
        return scored.filter { $0.score * 2 >= wanted.count }.sorted { $0.score > $1.score }.prefix(3).map(\.name)
    }
}
