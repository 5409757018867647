import GRDB

/// Finds a person's lists by name.
struct ListTable {
    let db: Database

    init(_ db: Database) { self.db = db }

    /// - Throws: `unknownList` with the names there are.
    func id(of name: String) throws -> Int64 {
        if let id = try find(name) { return id }
        throw CatalogError(
            .unknownList(name, known: try String.fetchAll(db, sql: "SELECT name FROM list ORDER BY name")))
    }

    func find(_ name: String) throws -> Int64? {
        try Int64.fetchOne(db, sql: "SELECT id FROM list WHERE name = ?", arguments: [name])
    }
}
