import GRDB

/// Words that are searched for, in what is written about neurons and in the contexts in which they fire.
struct NeuronSearch {
    /// As FTS5 takes them.
    let pattern: String

    /// What was found, in the form that is quickest for so much.
    enum Matches {
        /// So few that SQLite looks each one up and sorts them.
        case few
        /// Rising row ids; lists are walked in their order, leaving out what is not among them.
        case many([Int64])
        /// So many that nearly every neuron is one: lists are walked, and each row is asked for.
        case common

        var areFew: Bool {
            if case .few = self { true } else { false }
        }

        func contains(_ id: Int64) -> Bool {
            guard case .many(let ids) = self else { return true }
            var low = 0, high = ids.count
            while low < high {
                let middle = (low + high) / 2
                if ids[middle] < id { low = middle + 1 } else { high = middle }
            }
            return low < ids.count && ids[low] == id
        }
    }

    /// Above this, looking up and sorting takes longer than walking a list.
    private static let fewest = 4000
    /// Above this, reading all ids takes longer than asking for the few that a page needs.
    private static let most = 100_000
    /// Rows from which on all ids are read after all.
    private static let deep = 1000

    /// - Parameter depth: How many rows of a list will be walked. Asking for each pays for few.
    func matches(_ db: Database, depth: Int) throws -> Matches {
        let ids = try ids(db, limit: Self.most + 1)
        if ids.count > Self.most {
            return depth > Self.deep ? .many(try self.ids(db, limit: .max)) : .common
        }
        return ids.count > Self.fewest ? .many(ids) : .few
    }

    /// Rising row ids of what is found, from either place at most `limit`.
    func ids(_ db: Database, limit: Int) throws -> [Int64] {
        var ids: [Int64] = []
        for table in ["neuron_search", "context_search"] {
            let sql = "SELECT rowid FROM \(table) WHERE \(table) MATCH ? LIMIT ?"
            ids += try Int64.fetchAll(db.cachedStatement(sql: sql), arguments: [pattern, limit])
        }
        return ids.sorted()
    }

    /// Whether a neuron is found.
    func finds(_ db: Database, _ id: Int64) throws -> Bool {
        try ["neuron_search", "context_search"].contains { table in
            let sql = "SELECT 1 FROM \(table) WHERE \(table) MATCH ? AND rowid = ?"
            return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: [pattern, id]) == true
        }
    }

    /// How many neurons are found.
    func count(_ db: Database) throws -> Int {
        let inContexts = "SELECT rowid FROM context_search WHERE context_search MATCH ?"
        let found = "SELECT count(*) FROM neuron_search WHERE neuron_search MATCH ?"
        let described = try Int.fetchOne(db, sql: found, arguments: [pattern]) ?? 0
        let firing = try Int64.fetchAll(db, sql: inContexts, arguments: [pattern])
        if firing.isEmpty { return described }
        let isDescribed = try db.cachedStatement(
            sql: "SELECT 1 FROM neuron_search WHERE neuron_search MATCH ? AND rowid = ?")
        return try described + firing.count { try Bool.fetchOne(isDescribed, arguments: [pattern, $0]) == nil }
    }

    /// That a neuron is found.
    func condition(on id: SQL) -> SQL {
        """
        \(id) IN (SELECT rowid FROM neuron_search WHERE neuron_search MATCH \(pattern) \
        UNION ALL SELECT rowid FROM context_search WHERE context_search MATCH \(pattern))
        """
    }

    /// What SQLite has to ask of each row of a list that is walked; `nil` for nothing.
    func condition(on id: SQL, _ matches: Matches) -> SQL? {
        switch matches {
        case .few: condition(on: id)
        case .many: nil
        case .common:
            """
            (EXISTS (SELECT 1 FROM neuron_search WHERE neuron_search MATCH \(pattern) AND rowid = \(id)) \
            OR EXISTS (SELECT 1 FROM context_search WHERE context_search MATCH \(pattern) AND rowid = \(id)))
            """
        }
    }

    /// What is found, with ranks: what is written about neurons before contexts, then by bm25, which falls with relevance.
    /// Columns weigh 8 (explanations), 4 (notes), 2 (tags).
    var ranked: SQL {
        """
        SELECT rowid AS found, 0 AS place, bm25(neuron_search, 8.0, 4.0, 2.0) AS rank
        FROM neuron_search WHERE neuron_search MATCH \(pattern)
        UNION ALL
        SELECT rowid, 1, bm25(context_search) FROM context_search WHERE context_search MATCH \(pattern)
        """
    }
}
