import GRDB
import TopsailCore

extension Catalog {
    /// What a live view needs about every neuron of an SAE, in arrays of length `d_sae`.
    public func liveTable(sae name: String) throws(CatalogError) -> LiveTable {
        try read { db in
            let sae = try SAEDirectory(db).entry(named: name)
            var q999 = [Float](repeating: 0, count: sae.record.dSAE)
            var max = q999
            var normaliser = q999
            var labels = [String?](repeating: nil, count: sae.record.dSAE)
            try LiveRows.forEach(db, in: NeuronKey.range(ofSAE: sae.id)) { row in
                guard q999.indices.contains(row.index) else { return }
                q999[row.index] = row.statistics.q999 ?? 0
                max[row.index] = row.statistics.maxActivation ?? 0
                normaliser[row.index] = row.statistics.normaliser ?? 0
                labels[row.index] = row.label
            }
            return LiveTable(
                sae: name, normaliser: normaliser, q999: q999, maxActivation: max, labels: labels,
                tags: try Self.tags(db, sae))
        }
    }

    /// The same for some neurons of an SAE, by index. Indices that the catalog has no row for are left out.
    public func labels(sae name: String, indices: some Sequence<Int>) throws(CatalogError) -> [Int: LiveLabel] {
        let indices = Set(indices)
        return try read { db in
            let sae = try SAEDirectory(db).entry(named: name)
            var labels: [Int: LiveLabel] = [:]
            for index in indices where (0..<sae.record.dSAE).contains(index) {
                let id = NeuronKey(sae: sae.id, index: index).rowID
                try LiveRows.forEach(db, in: id...id) { row in
                    labels[index] = LiveLabel(
                        label: row.label, normaliser: row.statistics.normaliser, q999: row.statistics.q999,
                        max: row.statistics.maxActivation, tags: try NeuronRows.tags(db, [id])[id] ?? [])
                }
            }
            return labels
        }
    }

    private static func tags(_ db: Database, _ sae: SAEDirectory.Entry) throws -> [[String]] {
        let range = NeuronKey.range(ofSAE: sae.id)
        let sql = """
            SELECT nc.neuron_id, c.slug FROM neuron_category nc JOIN category c ON c.id = nc.category_id
            WHERE nc.neuron_id BETWEEN ? AND ? AND nc.is_direct = 1 ORDER BY c.position
            """
        var tags = [[String]](repeating: [], count: sae.record.dSAE)
        let rows = try Row.fetchCursor(db, sql: sql, arguments: [range.lowerBound, range.upperBound])
        while let row = try rows.next() {
            let index = NeuronKey(rowID: row[0]).index
            if tags.indices.contains(index) { tags[index].append(row[1]) }
        }
        return tags
    }
}

/// The columns that live views use, read with as little ado as possible.
private enum LiveRows {
    struct LiveRow {
        let index: Int
        let statistics: NeuronStatistics
        let label: String?
    }

    static func forEach(_ db: Database, in range: ClosedRange<Int64>, _ body: (LiveRow) throws -> Void) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT n.id, n.q999, n.max_activation, coalesce(h.text, e.text)
                FROM neuron n
                LEFT JOIN human_explanation h ON h.neuron_id = n.id
                LEFT JOIN explanation e ON e.neuron_id = n.id AND e.source = n.explanation_source
                WHERE n.id BETWEEN ? AND ?
                """)
        let rows = try Row.fetchCursor(statement, arguments: [range.lowerBound, range.upperBound])
        while let row = try rows.next() {
            try body(
                LiveRow(
                    index: NeuronKey(rowID: row[0]).index,
                    statistics: NeuronStatistics(maxActivation: row[2], q999: row[1]), label: ShortLabel.make(row[3])))
        }
    }
}
