import GRDB

/// Words that are searched for, in what is written about neurons and in the contexts in which they fire.
struct NeuronSearch {
    /// As FTS5 takes them.
    let pattern: String

    /// What was found, in the form that is quickest for so much.
    enum Matches {
        /// So few that SQLite looks each one up and sorts them.
        case few
        /// All of them: lists are walked in their order, leaving out what is not among them.
        case many(SortedIDs)
        /// More than few, who knows how many: lists are walked, and the texts of rows are looked at until a page is full.
        case common

        var areFew: Bool {
            if case .few = self { true } else { false }
        }
    }

    /// Above this, looking up and sorting takes longer than walking a list.
    private static let fewest = 4000
    /// Rows from which on all that is found is read.
    private static let deep = 1000

    /// - Parameter depth: How many rows of a list will be walked.
    func matches(_ db: Database, depth: Int) throws -> Matches {
        if try ids(db, limit: Self.fewest + 1).count <= Self.fewest { return .few }
        return depth > Self.deep ? .many(SortedIDs(try ids(db, limit: .max))) : .common
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

    /// Which of a few neurons are found.
    func found(among ids: [Int64], _ db: Database) throws -> Set<Int64> {
        try TextSieve.shared.get().found(ids, pattern, in: db)
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
}

/// Rising row ids.
struct SortedIDs {
    private let ids: [Int64]

    init(_ ids: [Int64]) { self.ids = ids }

    func contains(_ id: Int64) -> Bool {
        var low = 0, high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id
    }
}
