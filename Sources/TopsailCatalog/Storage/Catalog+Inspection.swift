import GRDB

// Ways below the catalog's own verbs, for tests that need a broken file or want to know how a query is answered.

extension Catalog {
    /// Runs any SQL in a transaction of its own.
    package func execute(sql: String) throws(CatalogError) {
        try write { db in try db.execute(sql: sql) }
    }

    /// Makes a catalog as an older version of the program made it, and fills it.
    package static func makeOld(at path: String, version: String, sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: version)
        try queue.write { db in try db.execute(sql: sql) }
        try queue.close()
    }

    /// Everything that follows from other values, as text, to compare it before and after `recombine`.
    package func derivedValues() throws(CatalogError) -> [String] {
        try read { db in
            let queries = [
                "SELECT id, explanation_source, correlation_score, tag_sources FROM neuron ORDER BY id",
                "SELECT * FROM neuron_category ORDER BY neuron_id, category_id",
                "SELECT id, c0, c1, c2 FROM neuron_search_content ORDER BY id",
                "SELECT id, neuron_count FROM sae ORDER BY id",
                "SELECT * FROM category_ancestor ORDER BY category_id, ancestor_id",
            ]
            return try queries.flatMap { sql in try Row.fetchAll(db, sql: sql).map(\.description) }
        }
    }

    /// Computes everything that follows from other values again.
    package func recombine() throws(CatalogError) {
        try write { db in try Combine(db, NeuronKey.everyRow).run() }
    }

    /// Where the journal and a person's tables say different things.
    package func journalDisagreements() throws(CatalogError) -> [String] {
        try read { db in
            let annotations = Annotations(db)
            return try Journal(db).finalValues().compactMap { target, value in
                // A list that is gone has no members, a category that is gone no tags.
                let found = (try? annotations.value(of: target)) ?? nil
                return found == value ? nil : "\(target.field) \(target.neuron ?? 0) \(target.name ?? "")"
            }
        }
    }

    /// Lets the file grow no further than to so many pages, as a full disk does.
    package func limitPages(to count: Int) throws(CatalogError) {
        // The limit belongs to the connection that writes.
        try write { db in _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(count)") }
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
                case .many: .many(SortedIDs(try search.ids(db, limit: .max)))
                case .common: .common
                }
            let places = try query.places(db, sort: sort, after: nil, limit: limit, matches)
            return try NeuronRows(db: db, directory: directory).fetch(places.map { NeuronKey(rowID: $0.id) })
        }
    }
}

extension Catalog {
    /// The pages that hold a table's rows.
    package static func pages(of table: String, at path: String) throws -> [Int] {
        let queue = try DatabaseQueue(path: path)
        return try queue.read { db in
            try Int.fetchAll(
                db, sql: "SELECT pageno FROM dbstat WHERE name = ? AND pagetype <> 'internal'", arguments: [table])
        }
    }
}
