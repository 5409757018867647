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

    /// How a list is searched; which one is taken depends on how much is found.
    package enum SearchRegime: CaseIterable {
        case few, many, common
    }

    /// The first rows of a list, searched in a given way.
    package func neurons(
        matching filter: NeuronFilter, sort: NeuronSort, limit: Int, searchedAs regime: SearchRegime
    ) throws(CatalogError) -> [NeuronRow] {
        try read { db in
            let directory = try SAEDirectory(db)
            let query = try NeuronQuery(db, filter, directory)
            guard let search = query.search else { return [] }
            let matches: NeuronSearch.Matches =
                switch regime {
                case .few: .few
                case .many: .many(try search.ids(db, limit: .max))
                case .common: .common
                }
            let places = try query.places(db, sort: sort, after: nil, limit: limit, matches)
            return try NeuronRows(db: db, directory: directory).fetch(places.map { NeuronKey(rowID: $0.id) })
        }
    }
}
