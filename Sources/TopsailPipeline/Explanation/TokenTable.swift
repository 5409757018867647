import TopsailCore

/// The part of an explanation that predicts: how strongly the neuron is expected to fire at a token, or right after it.
package struct TokenTable: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case atToken, afterToken
    }

    package var kind: Kind
    /// Expected activation; 0 for tokens that are not listed.
    package var values: [TokenID: Float]

    package init(kind: Kind, values: [TokenID: Float]) {
        self.kind = kind
        self.values = values
    }

    /// Tokens in a table.
    static let size = 32
    /// Occurrences without activation that are assumed of every token, so that one lucky occurrence says little.
    private static let priorOccurrences = 2.0

    /// The table that explains more of what was collected.
    init(_ tally: NeuronTally, _ counts: CorpusCounts) {
        let at = Self.rows(tally.atToken, counts.tokens)
        let after = Self.rows(tally.afterToken, counts.previous)
        func explained(_ rows: [Row]) -> Double { rows.reduce(0) { $0 + $1.explained } }
        let isAt = explained(at) >= explained(after)
        kind = isAt ? .atToken : .afterToken
        values = Dictionary(uniqueKeysWithValues: (isAt ? at : after).map { ($0.token, Float($0.expected)) })
    }

    private struct Row {
        var token: TokenID
        var expected: Double
        /// Sum of squares that the expectation accounts for.
        var explained: Double
    }

    private static func rows(_ sums: TokenSums, _ occurrences: [Int]) -> [Row] {
        let rows = sums.entries.map { token, entry in
            let count = Double(occurrences[Int(token)]) + priorOccurrences
            return Row(
                token: token, expected: entry.activation / count,
                explained: entry.activation * entry.activation / count)
        }
        return Array(rows.sorted { ($1.explained, $0.token) < ($0.explained, $1.token) }.prefix(size))
    }
}
