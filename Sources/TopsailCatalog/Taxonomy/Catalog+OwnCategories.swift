import GRDB

// A person's additions to the taxonomy. Each call is one step of the journal.

extension Catalog {
    /// The categories that a person added, in the order in which they were added.
    public func ownCategories() throws(CatalogError) -> [OwnCategory] {
        try read { db in try OwnCategories(db).all() }
    }

    /// Adds a category. No taxonomy that is installed later takes it away.
    ///
    /// - Throws: `invalid` for a slug that is none, a blank label, or a parent that is itself a concept: there are two
    ///   levels and no more; `categoryExists`; `unknownCategory` for the parent.
    public func addCategory(_ category: OwnCategory) throws(CatalogError) {
        guard Taxonomy.isSlug(category.slug) else {
            let problem = "slugs are made of lower-case letters, digits, `_`, `-` and `.`"
            throw CatalogError(.invalid(what: "category “\(category.slug)”", problem: problem))
        }
        guard !category.label.allSatisfy(\.isWhitespace), !category.label.contains(where: \.isNewline) else {
            let problem = "its label is blank or holds line breaks"
            throw CatalogError(.invalid(what: "category \(category.slug)", problem: problem))
        }
        var category = category
        category.label = StoredText.clean(category.label)
        category.description = StoredText.clean(category.description)
        try write { db in
            let find = "SELECT 1 FROM category WHERE slug = ?"
            if try Bool.fetchOne(db, sql: find, arguments: [category.slug]) != nil {
                throw CatalogError(.categoryExists(category.slug))
            }
            if let parent = category.parent { try Self.checkDomain(parent, of: category, db) }
            let target = AnnotationTarget(field: .category, name: category.slug)
            _ = try Journal(db).perform([(target, category.stored)])
        }
    }

    /// Removes a category that a person added.
    ///
    /// - Throws: `unknownCategory`; `categoryNotOwn`; `categoryInUse` while neurons are tagged with it or concepts stand
    ///   under it.
    public func removeCategory(_ slug: String) throws(CatalogError) {
        try write { db in
            _ = try CategoryTable(db).id(of: slug)
            let categories = OwnCategories(db)
            guard try categories.find(slug) != nil else { throw CatalogError(.categoryNotOwn(slug)) }
            if let users = try categories.users(of: slug) { throw CatalogError(.categoryInUse(slug, by: users)) }
            _ = try Journal(db).perform([(AnnotationTarget(field: .category, name: slug), nil)])
        }
    }

    private static func checkDomain(_ parent: String, of category: OwnCategory, _ db: Database) throws {
        let id = try CategoryTable(db).id(of: parent)
        let above = "SELECT p.slug FROM category c JOIN category p ON p.id = c.parent_id WHERE c.id = ?"
        if let domain = try String.fetchOne(db, sql: above, arguments: [id]) {
            let problem = "\(parent) is itself a concept, of \(domain), and there are two levels only"
            throw CatalogError(.invalid(what: "category \(category.slug)", problem: problem))
        }
    }
}
