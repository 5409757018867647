import GRDB

extension Catalog {
    /// Deletes everything that machines found out about a SAE's neurons and writes it anew, in one transaction.
    ///
    /// A person's tags, explanations, notes and lists are not touched, and count for the new neurons as they did for
    /// the old ones. When `body` throws, everything stays as it was.
    public func replaceDerived<T>(sae name: String, _ body: (DerivedWriter) throws -> T) throws -> T {
        try derive(sae: name, deletingFirst: true, body)
    }

    /// Registers an SAE and writes everything that machines found out about its neurons anew, in one transaction.
    public func replaceDerived<T>(registering sae: SAERecord, _ body: (DerivedWriter) throws -> T) throws -> T {
        try derive(sae: sae.name, registering: sae, deletingFirst: true, body)
    }

    /// Adds to what machines found out about a SAE's neurons, in one transaction.
    public func updateDerived<T>(sae name: String, _ body: (DerivedWriter) throws -> T) throws -> T {
        try derive(sae: name, deletingFirst: false, body)
    }

    private func derive<T>(
        sae name: String, registering record: SAERecord? = nil, deletingFirst: Bool,
        _ body: (DerivedWriter) throws -> T
    ) throws -> T {
        // The body's own errors go through as they are; only SQLite's are put into the catalog's words.
        do {
            return try pool.writeWithoutTransaction { db in
                try Self.setCache(db, forManyRows: true)
                defer { try? Self.setCache(db, forManyRows: false) }
                var result: T?
                try db.inTransaction {
                    if let record { try Self.register(db, record) }
                    result = try self.derive(db, sae: name, deletingFirst: deletingFirst, body)
                    return .commit
                }
                return result!
            }
        } catch let error as DatabaseError {
            throw CatalogError(wrapping: error, path: path)
        }
    }

    private func derive<T>(
        _ db: Database, sae name: String, deletingFirst: Bool, _ body: (DerivedWriter) throws -> T
    ) throws -> T {
        let sae = try SAEDirectory(db).entry(named: name)
        let range = NeuronKey.range(ofSAE: sae.id)
        if deletingFirst {
            // Everything derived refers to the neuron and goes with it.
            try db.execute(
                sql: "DELETE FROM neuron WHERE id BETWEEN ? AND ?",
                arguments: [range.lowerBound, range.upperBound])
            try db.execute(
                sql: "DELETE FROM context_search WHERE rowid BETWEEN ? AND ?",
                arguments: [range.lowerBound, range.upperBound])
        }
        let result = try body(DerivedWriter(DerivedRows(db, sae: sae, path: path)))
        try Combine(db, range).run()
        try Self.raiseVersion(db)
        return result
    }
}
