import GRDB

/// What words find, by relevance: what is written about neurons before contexts, then by bm25.
struct RelevancePage {
    let search: NeuronSearch
    /// The tables of a list, the neuron's row id in them, and what must hold; `nil` for all neurons.
    let list: (tables: SQL, id: SQL, condition: SQL)?

    /// Columns weigh 8 (explanations), 4 (notes), 2 (tags). The rank falls with relevance.
    private static let described = (table: "neuron_search", rank: "bm25(neuron_search, 8.0, 4.0, 2.0)")
    private static let firing = (table: "context_search", rank: "bm25(context_search)")

    /// Row ids of one page.
    func ids(_ db: Database, limit: Int, offset: Int) throws -> [Int64] {
        let matches = matches(Self.described.table)
        let order: SQL = "ORDER BY \(sql: Self.described.rank), \(sql: Self.described.table).rowid"
        let described = try SQLRequest<Int64>(
            literal: "SELECT \(sql: Self.described.table).rowid \(matches) \(order) LIMIT \(limit) OFFSET \(offset)"
        ).fetchAll(db)
        if described.count == limit { return described }
        let before =
            offset > 0 && described.isEmpty
            ? try SQLRequest<Int>(literal: "SELECT count(*) \(matches)").fetchOne(db) ?? 0 : offset + described.count
        return described + (try firing(db, limit: limit - described.count, offset: offset - min(before, offset)))
    }

    /// Those that are found by their contexts alone.
    private func firing(_ db: Database, limit: Int, offset: Int) throws -> [Int64] {
        let table: SQL = "\(sql: Self.firing.table)"
        return try SQLRequest<Int64>(
            literal: """
                SELECT \(table).rowid \(matches(Self.firing.table))
                    AND \(table).rowid NOT IN (SELECT rowid FROM neuron_search WHERE neuron_search MATCH \(search.pattern))
                ORDER BY \(sql: Self.firing.rank), \(table).rowid LIMIT \(limit) OFFSET \(offset)
                """
        ).fetchAll(db)
    }

    /// The rows of an index of words, from `FROM` on.
    private func matches(_ table: String) -> SQL {
        guard let list else { return "FROM \(sql: table) WHERE \(sql: table) MATCH \(search.pattern)" }
        return """
            FROM \(sql: table) CROSS JOIN \(list.tables)
            WHERE \(sql: table) MATCH \(search.pattern) AND \(list.id) = \(sql: table).rowid AND \(list.condition)
            """
    }
}
