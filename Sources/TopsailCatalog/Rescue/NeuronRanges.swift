import GRDB

/// The row ids that neurons of a catalog can have, SAE by SAE.
struct NeuronRanges {
    /// One range for each SAE.
    let ranges: [ClosedRange<Int64>]

    /// Reads what can be read of the SAEs: their rows, else their names' index, else a guess.
    init(_ db: Database) throws {
        var widths: [Int64: Int64] = [:]
        let sae = CatalogTable(name: "sae", key: .number("id"))
        // The table may have vanished from the list of tables.
        _ = try? TableScan(db, sae, columns: ["d_sae"]).rows(in: 1...NeuronKey.maxSAE) { row in
            if let id = Int64.fromDatabaseValue(row[0]), let width = Int64.fromDatabaseValue(row[1]) {
                widths[id] = min(max(width, 1), Int64(NeuronKey.maxWidth))
            }
        }
        for (id, _) in UniqueNames.read(db, table: "sae", column: "name") where widths[id] == nil {
            widths[id] = 1 << 20
        }
        if widths.isEmpty { for id in 1...16 { widths[Int64(id)] = 1 << 20 } }
        ranges = widths.sorted { $0.key < $1.key }.map { id, width in id << 32...(id << 32 + width - 1) }
    }

    /// The ranges to walk for a table.
    func ranges(of table: CatalogTable) -> [ClosedRange<Int64>] {
        if case .neuron = table.key { ranges } else { [0...(1 << 40)] }
    }
}

/// Names that stand both in a table and in the index that keeps them unique; the index survives when the table does not.
enum UniqueNames {
    /// What the index alone says: names by row id.
    static func read(_ db: Database, table: String, column: String) -> [(id: Int64, name: String)] {
        var names: [(id: Int64, name: String)] = []
        do {
            let sql = """
                SELECT id, \(column) FROM \(table) INDEXED BY sqlite_autoindex_\(table)_1 WHERE \(column) >= '' \
                ORDER BY \(column)
                """
            let rows = try Row.fetchCursor(db, sql: sql)
            while let row = try rows.next() {
                if let id = Int64.fromDatabaseValue(row[0]), let name = String.fromDatabaseValue(row[1]) {
                    names.append((id, name))
                }
            }
        } catch {
            // What was read up to the damage is of use.
        }
        return names
    }
}
