import GRDB

// Ways below the catalog's own verbs, for tests that need a broken file or want to know how a query is answered.

extension Catalog {
    /// Runs any SQL in a transaction of its own.
    package func execute(sql: String) throws(CatalogError) {
        try write { db in try db.execute(sql: sql) }
    }

    /// The first column of the first row.
    package func integer(sql: String) throws(CatalogError) -> Int? {
        try read { db in try Int.fetchOne(db, sql: sql) }
    }

    /// SQLite's plan for a page in the order of a figure, one line for each step.
    package func queryPlan(matching filter: NeuronFilter, sort: NeuronSort) throws(CatalogError) -> [String] {
        try read { db in
            let page = try NeuronQuery(db, filter, SAEDirectory(db)).pageSQL(sort: sort, limit: 50, offset: 0)
            return try SQLRequest<Row>(literal: "EXPLAIN QUERY PLAN \(page)").fetchAll(db).map { $0["detail"] }
        }
    }
}
