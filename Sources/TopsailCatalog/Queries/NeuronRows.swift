import GRDB
import TopsailCore

/// Reads the lines of a list for neurons whose row ids are known.
struct NeuronRows {
    let db: Database
    let directory: SAEDirectory

    /// Row ids per statement, below SQLite's limit of variables.
    private static let chunk = 500

    /// One line for each key that has a row, in the order of `keys`.
    func fetch(_ keys: [NeuronKey]) throws -> [NeuronRow] {
        var rows: [NeuronRow] = []
        rows.reserveCapacity(keys.count)
        for start in stride(from: 0, to: keys.count, by: Self.chunk) {
            let part = keys[start..<min(start + Self.chunk, keys.count)]
            let found = try fetchPart(part.map(\.rowID))
            rows += part.compactMap { found[$0.rowID] }
        }
        return rows
    }

    private func fetchPart(_ ids: [Int64]) throws -> [Int64: NeuronRow] {
        let tags = try Self.tags(db, ids)
        let request = SQLRequest<Row>(
            literal: """
                SELECT n.id, n.explanation_source, n.correlation_score, n.tag_sources, n.density,
                       n.max_activation, n.q999, coalesce(h.text, e.text) AS explanation
                FROM neuron n
                LEFT JOIN human_explanation h ON h.neuron_id = n.id
                LEFT JOIN explanation e ON e.neuron_id = n.id AND e.source = n.explanation_source
                WHERE n.id IN \(ids)
                """)
        var rows: [Int64: NeuronRow] = [:]
        for row in try request.fetchAll(db) {
            let key = NeuronKey(rowID: row["id"])
            rows[key.rowID] = makeRow(row, key, tags: tags[key.rowID] ?? [])
        }
        return rows
    }

    private func makeRow(_ row: Row, _ key: NeuronKey, tags: [String]) -> NeuronRow {
        let sae = directory[key.sae]?.record
        let sources: Int64 = row["tag_sources"]
        return NeuronRow(
            id: directory.name(of: key), sae: sae?.name ?? "", index: key.index, layer: sae?.layer,
            explanation: row["explanation"], explanationSource: row["explanation_source"],
            correlationScore: row["correlation_score"], tags: tags,
            isTaggedByHuman: sources & TagSource.human.bit != 0, density: row["density"], max: row["max_activation"],
            q999: row["q999"])
    }

    /// Slugs of the categories of each neuron, in the taxonomy's order.
    static func tags(_ db: Database, _ ids: [Int64]) throws -> [Int64: [String]] {
        let request = SQLRequest<Row>(
            literal: """
                SELECT nc.neuron_id, c.slug FROM neuron_category nc JOIN category c ON c.id = nc.category_id
                WHERE nc.neuron_id IN \(ids) AND nc.is_direct = 1 ORDER BY c.position
                """)
        var tags: [Int64: [String]] = [:]
        for row in try request.fetchAll(db) { tags[row[0], default: []].append(row[1]) }
        return tags
    }
}
