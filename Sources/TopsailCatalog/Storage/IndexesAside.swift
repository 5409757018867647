import GRDB

/// Takes the indexes of a few tables away while very many rows are written, and makes them again.
///
/// Sorted once they take a fraction of what keeping them row by row does. Both happen in the transaction that writes the
/// rows: others see the indexes as they were until it ends, and when it fails nothing was taken away.
struct IndexesAside {
    /// Those whose indexes are orders of figures, which rows reach at random places.
    private static let tables = ["neuron", "neuron_category", "derived_tag"]
    /// So few rows are not worth it.
    private static let fewest = 20_000

    /// How each is made.
    private var definitions: [String] = []

    /// Whether it pays to make the indexes of `total` neurons for the sake of `written` ones.
    static func isWorthwhile(written: Int, total: Int) -> Bool { written >= fewest && written >= total / 4 }

    var areAside: Bool { !definitions.isEmpty }

    /// - Precondition: No statement is reading the tables.
    mutating func setAside(_ db: Database) throws {
        guard !areAside else { return }
        for table in Self.tables {
            let indexes = try Row.fetchAll(
                db,
                sql: "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
                arguments: [table])
            for index in indexes {
                try db.execute(sql: "DROP INDEX \(index["name"] as String)")
                definitions.append(index["sql"])
            }
        }
    }

    mutating func putBack(_ db: Database) throws {
        for sql in definitions { try db.execute(sql: sql) }
        definitions = []
    }
}
