import GRDB

/// Tells which of a few neurons a search finds, by their texts.
///
/// For words longer than the beginnings that it keeps, FTS5 reads all that they find before it can say whether one row is
/// among it. So the texts of those few are indexed by themselves, in memory and by the same tokenizer.
final class TextSieve: Sendable {
    static let shared = Result { try TextSieve() }

    private let queue: DatabaseQueue

    private init() throws {
        queue = try DatabaseQueue()
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE VIRTUAL TABLE text_sieve USING fts5(
                        explanation, note, tags, tokenize = "\(Schema.tokenizer)", columnsize = 0)
                    """)
        }
    }

    /// Those of `ids` that `pattern` finds, in what is written about them or in their contexts.
    func found(_ ids: [Int64], _ pattern: String, in catalog: Database) throws -> Set<Int64> {
        let written = try catalog.cachedStatement(sql: "SELECT c0, c1, c2 FROM neuron_search_content WHERE id = ?")
        let firing = try catalog.cachedStatement(sql: "SELECT c0, NULL, NULL FROM context_search_content WHERE id = ?")
        return try queue.inDatabase { db in
            var found: Set<Int64> = []
            try db.inTransaction {
                let insert = try db.cachedStatement(
                    sql: "INSERT INTO text_sieve(rowid, explanation, note, tags) VALUES (?, ?, ?, ?)")
                // Either text must hold all words by itself.
                for (offset, texts) in [written, firing].enumerated() {
                    for (position, id) in ids.enumerated() {
                        guard let row = try Row.fetchOne(texts, arguments: [id]) else { continue }
                        try insert.execute(arguments: [
                            2 * position + offset, row[0] as String?, row[1] as String?, row[2] as String?,
                        ])
                    }
                }
                let rows = try Int.fetchAll(
                    db.cachedStatement(sql: "SELECT rowid FROM text_sieve WHERE text_sieve MATCH ?"),
                    arguments: [pattern])
                found = Set(rows.map { ids[$0 / 2] })
                return .rollback
            }
            return found
        }
    }
}
