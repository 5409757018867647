import GRDB

/// Finds categories by slug.
struct CategoryTable {
    let db: Database

    init(_ db: Database) { self.db = db }

    /// - Throws: `unknownCategory` with the slugs that look most like it.
    func id(of slug: String) throws -> Int64 {
        let sql = "SELECT id FROM category WHERE slug = ?"
        if let id = try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: [slug]) { return id }
        let slugs = try String.fetchAll(db, sql: "SELECT slug FROM category ORDER BY position")
        throw CatalogError(.unknownCategory(slug, nearest: NearestNames.of(slug, among: slugs)))
    }
}
