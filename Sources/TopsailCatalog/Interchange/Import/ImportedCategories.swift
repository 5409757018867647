import Foundation
import GRDB

/// What imported tags mean in the catalog's taxonomy.
final class ImportedCategories {
    private let db: Database
    private var ids: [String: Int64] = [:]
    /// By a foreign scheme's lower-case name, the broadest category first.
    private var mapped: [String: Int64] = [:]
    private let hadTaxonomy: Bool

    init(_ db: Database) throws {
        self.db = db
        let rows = try Row.fetchAll(
            db, sql: "SELECT id, slug, mappings FROM category ORDER BY parent_id IS NOT NULL, position")
        hadTaxonomy = !rows.isEmpty
        for row in rows {
            ids[row["slug"]] = row["id"]
            for name in SafeSAILNames.mapped(row["mappings"]) where mapped[name] == nil { mapped[name] = row["id"] }
        }
    }

    /// The category of a slug, else of a name in Safe-SAIL's scheme; `nil` when there is none.
    func id(of name: String) -> Int64? {
        if let id = ids[name] { return id }
        let plain = name.trimmingCharacters(in: .whitespaces).lowercased()
        return ids[plain] ?? mapped[plain]
    }

    /// Takes note of a category that was added meanwhile.
    func learn(_ slug: String) throws {
        let sql = "SELECT id FROM category WHERE slug = ?"
        ids[slug] = try Int64.fetchOne(db, sql: sql, arguments: [StoredText.clean(slug)])
    }

    func slug(of id: Int64) -> String? { ids.first { $0.value == id }?.key }

    /// Adds a category of the file's own taxonomy to a catalog that has none.
    func declare(_ slug: String, parent: String?, label: String, description: String?) throws {
        guard !hadTaxonomy, ids[slug] == nil else { return }
        try db.execute(
            sql: "INSERT INTO category(slug, parent_id, position, label, description) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                StoredText.clean(slug), parent.flatMap { ids[$0] }, ids.count, StoredText.clean(label),
                StoredText.clean(description),
            ])
        let id = db.lastInsertedRowID
        ids[slug] = id
        try db.execute(
            sql: "INSERT INTO category_ancestor(category_id, ancestor_id) VALUES (?, ?)", arguments: [id, id])
        try db.execute(
            sql: """
                INSERT INTO category_ancestor(category_id, ancestor_id)
                SELECT ?, ancestor_id FROM category_ancestor WHERE category_id = ?
                """, arguments: [id, parent.flatMap { ids[$0] }])
    }
}

/// Names of Safe-SAIL's scheme as `category.mappings` holds them.
enum SafeSAILNames {
    /// Lower-case names of one category's mapping, e.g. `violence` or `violence/insult`.
    static func mapped(_ json: String?) -> [String] {
        guard let json, let object = try? JSONDecoder().decode([String: [String]].self, from: Data(json.utf8)) else {
            return []
        }
        return (object["safe_sail"] ?? []).map { $0.lowercased() }
    }
}
