import GRDB

extension Catalog {
    /// A person's filters by name.
    public func savedQueries() throws(CatalogError) -> [SavedQuery] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT name, text FROM saved_query ORDER BY name").map {
                SavedQuery(name: $0["name"], text: $0["text"])
            }
        }
    }

    /// - Throws: `unknownQuery` with the names there are.
    public func savedQuery(named name: String) throws(CatalogError) -> SavedQuery {
        let all = try savedQueries()
        if let query = all.first(where: { $0.name == name }) { return query }
        throw CatalogError(.unknownQuery(name, known: all.map(\.name)))
    }

    /// Keeps a filter under a name, in the place of an earlier one of that name.
    ///
    /// - Throws: `invalid` for a name that is blank or holds line breaks, and for a blank text.
    /// - Returns: `false` when it was there already.
    @discardableResult
    public func saveQuery(_ query: SavedQuery) throws(CatalogError) -> Bool {
        let name = query.name
        guard !name.allSatisfy(\.isWhitespace), !name.contains(where: \.isNewline), !name.utf8.contains(0) else {
            throw CatalogError(.invalid(what: "saved query", problem: "its name is blank or holds line breaks"))
        }
        guard !query.text.allSatisfy(\.isWhitespace) else {
            throw CatalogError(.invalid(what: "saved query", problem: "it holds no words and no conditions"))
        }
        return try write { db in
            try Journal(db).perform([(AnnotationTarget(field: .query, name: name), StoredText.clean(query.text))])
        }
    }

    /// Removes a saved query; undoing brings it back.
    ///
    /// - Throws: `unknownQuery` with the names there are.
    public func removeQuery(named name: String) throws(CatalogError) {
        _ = try savedQuery(named: name)
        try write { db in _ = try Journal(db).perform([(AnnotationTarget(field: .query, name: name), nil)]) }
    }
}
