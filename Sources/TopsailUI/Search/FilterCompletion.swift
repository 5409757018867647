import TerminalKit

/// What Tab offers in the filter line: fields, and the values of those that have few.
struct FilterCompletion {
    let categories: CategoryCounts
    let saes: [LibrarySAE]

    private static let fields = ["max>", "max<", "dens>", "dens<", "score>", "layer:", "sae:", "tag:", "cat:", "has:"]

    /// Whole words that begin with what is typed, in the order in which they are offered.
    func candidates(for word: String) -> [String] {
        guard let colon = word.firstIndex(of: ":") else {
            return Self.fields.filter { $0.hasPrefix(word.lowercased()) }
        }
        let name = String(word[...colon])
        guard let field = FilterExpression.Field(typed: name.dropLast().lowercased()) else { return [] }
        return values(of: field).map { name + $0 }.filter { $0.hasPrefix(word) }
    }

    private func values(of field: FilterExpression.Field) -> [String] {
        switch field {
        case .tag, .cat: categories.nodes.map(\.slug)
        case .sae: saes.map(\.name)
        case .layer: Set(saes.compactMap { $0.hook?.layer }).sorted().map(String.init)
        case .has: ["note", "explanation"]
        case .max, .dens, .score: []
        }
    }

    /// The first completions, and how many more there are.
    static func words(for candidates: [String]) -> String {
        let shown = candidates.prefix(6).joined(separator: "  ")
        return candidates.count > 6 ? "\(shown)  and \(candidates.count - 6) more" : shown
    }
}

extension TextEditor {
    /// What stands between the last blank and the cursor.
    var wordBeforeCursor: String {
        let before = lines[cursor.line][..<cursor.column]
        let start = before.lastIndex(where: \.isWhitespace).map { $0 + 1 } ?? before.startIndex
        return String(before[start...])
    }
}

extension String {
    /// The start that both have.
    func commonPrefix(with other: String) -> String { String(zip(self, other).prefix { $0 == $1 }.map(\.0)) }
}
