import Foundation
import GRDB

/// A category that a person added to the taxonomy.
public struct OwnCategory: Sendable, Hashable, Codable {
    public var slug: String
    public var label: String
    /// Slug of the domain it stands under; `nil` for a domain.
    public var parent: String?
    public var description: String?

    public init(slug: String, label: String, parent: String? = nil, description: String? = nil) {
        self.slug = slug
        self.label = label
        self.parent = parent
        self.description = description
    }

    /// The form in which the journal keeps it: JSON with sorted keys.
    var stored: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    init?(stored: String) {
        guard let category = try? JSONDecoder().decode(OwnCategory.self, from: Data(stored.utf8)) else { return nil }
        self = category
    }
}

/// Reads and sets the categories that are a person's own.
struct OwnCategories {
    let db: Database

    init(_ db: Database) { self.db = db }

    /// All of them in the order in which they were added.
    func all() throws -> [OwnCategory] { try fetch("c.is_own ORDER BY c.position", []) }

    func find(_ slug: String) throws -> OwnCategory? { try fetch("c.is_own AND c.slug = ?", [slug]).first }

    /// - Parameter value: The stored form; `nil` takes the category away, with what machines tagged with it.
    func set(_ slug: String, to value: String?) throws {
        if let value {
            guard let category = OwnCategory(stored: value) else {
                throw CatalogError(.invalid(what: "category \(slug)", problem: "its entry in the journal is broken"))
            }
            try put(category)
        } else {
            try remove(slug)
        }
        try Catalog.rebuildAncestors(db)
    }

    /// Who stands in the way of removing a category, in words; `nil` when nobody does.
    func users(of slug: String, byMachines: Bool = true) throws -> String? {
        let children = try count("category child JOIN category c ON c.id = child.parent_id", slug)
        if children > 0 { return children == 1 ? "a concept stands under it" : "\(children) concepts stand under it" }
        let people = try count("human_tag t JOIN category c ON c.id = t.category_id", slug)
        let machines = byMachines ? try count("derived_tag t JOIN category c ON c.id = t.category_id", slug) : 0
        let neurons = people + machines
        guard neurons > 0 else { return nil }
        return neurons == 1 ? "a neuron is tagged with it" : "\(neurons) neurons are tagged with it"
    }

    private func count(_ tables: String, _ slug: String) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(tables) WHERE c.slug = ?", arguments: [slug]) ?? 0
    }

    private func fetch(_ condition: String, _ arguments: StatementArguments) throws -> [OwnCategory] {
        let sql = """
            SELECT c.slug, c.label, p.slug, c.description
            FROM category c LEFT JOIN category p ON p.id = c.parent_id WHERE \(condition)
            """
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map {
            OwnCategory(slug: $0[0], label: $0[1], parent: $0[2], description: $0[3])
        }
    }

    private func put(_ category: OwnCategory) throws {
        // A step that is brought back may find its domain gone.
        let find = "SELECT id FROM category WHERE slug = ? AND parent_id IS NULL"
        let parent = try category.parent.flatMap { try Int64.fetchOne(db, sql: find, arguments: [$0]) }
        try db.execute(
            sql: """
                INSERT INTO category(slug, parent_id, position, label, description, is_own)
                VALUES (?, ?, (SELECT coalesce(max(position), -1) + 1 FROM category), ?, ?, 1)
                ON CONFLICT (slug) DO UPDATE SET
                    parent_id = excluded.parent_id, label = excluded.label, description = excluded.description
                WHERE is_own
                """,
            arguments: [category.slug, parent, category.label, category.description])
    }

    private func remove(_ slug: String) throws {
        if let users = try users(of: slug, byMachines: false) { throw CatalogError(.categoryInUse(slug, by: users)) }
        let sql =
            "SELECT nc.neuron_id FROM neuron_category nc JOIN category c ON c.id = nc.category_id WHERE c.slug = ?"
        let neurons = try Int64.fetchAll(db, sql: sql, arguments: [slug])
        try db.execute(sql: "DELETE FROM category WHERE slug = ? AND is_own", arguments: [slug])
        for neuron in neurons { try Combine(db, neuron...neuron).run() }
    }
}
