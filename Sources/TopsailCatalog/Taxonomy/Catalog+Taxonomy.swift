import Foundation
import GRDB

extension Catalog {
    /// Makes the catalog's categories those of `taxonomy`.
    ///
    /// Categories are known by their slug: labels, descriptions and order are brought up to date, and tags stay. A
    /// category that the taxonomy no longer has goes away unless some neuron is tagged with it or something below it, or
    /// a person added it. A person's category whose slug the taxonomy has as well becomes the taxonomy's.
    public func install(_ taxonomy: Taxonomy) throws(CatalogError) {
        if let problem = taxonomy.firstProblem {
            throw CatalogError(.badTaxonomy(path: taxonomy.name, problem: problem))
        }
        try write { db in
            let before = try Self.fingerprint(db)
            try db.execute(sql: "UPDATE category SET position = position + 1000000")
            var position = 0
            for domain in taxonomy.domains {
                let id = try Self.upsert(
                    db, slug: domain.id, parent: nil, position: &position, label: domain.label,
                    description: domain.description, mappings: domain.safeSail.map { ["safe_sail": [$0]] })
                for concept in domain.concepts {
                    _ = try Self.upsert(
                        db, slug: concept.id, parent: id, position: &position, label: concept.label,
                        description: concept.description, mappings: concept.map)
                }
            }
            try Self.removeUnused(db, from: position)
            try Self.keepTwoLevels(db)
            try Self.rebuildAncestors(db)
            // Words and places of categories are part of every tagged neuron's derived values.
            if try Self.fingerprint(db) != before { try Combine(db, NeuronKey.everyRow).run() }
        }
    }

    /// What people read in the place of a category's slug; `nil` where there is no such category.
    public func label(ofCategory slug: String) throws(CatalogError) -> String? {
        try read { try String.fetchOne($0, sql: "SELECT label FROM category WHERE slug = ?", arguments: [slug]) }
    }

    /// The taxonomy with counts.
    ///
    /// - Parameter sae: Count only neurons of the SAE of this name.
    public func categories(sae name: String? = nil) throws(CatalogError) -> CategoryTree {
        try read { db in
            let directory = try SAEDirectory(db)
            let range = try name.map { NeuronKey.range(ofSAE: try directory.entry(named: $0).id) } ?? NeuronKey.everyRow
            let counts = try CategoryCounts(db, range)
            let entries = directory.entries.filter { name == nil || $0.record.name == name }
            return CategoryTree(
                domains: counts.domains, neurons: entries.reduce(0) { $0 + $1.record.neuronCount },
                tagged: try counts.tagged(db), mine: try counts.mine(db))
        }
    }

    private static func upsert(
        _ db: Database, slug: String, parent: Int64?, position: inout Int, label: String, description: String?,
        mappings: [String: [String]]?
    ) throws -> Int64 {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = try mappings.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        defer { position += 1 }
        let sql = """
            INSERT INTO category(slug, parent_id, position, label, description, mappings) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (slug) DO UPDATE SET parent_id = excluded.parent_id, position = excluded.position,
                label = excluded.label, description = excluded.description, mappings = excluded.mappings, is_own = 0
            RETURNING id
            """
        return try Int64.fetchOne(
            db, sql: sql,
            arguments: [slug, parent, position, StoredText.clean(label), StoredText.clean(description), json])!
    }

    /// Concepts first, so that a domain whose concepts are all unused goes as well.
    private static func removeUnused(_ db: Database, from position: Int) throws {
        for isConcept in [true, false] {
            try db.execute(
                sql: """
                    DELETE FROM category WHERE position >= ? AND (parent_id IS NOT NULL) = ? AND is_own = 0
                        AND NOT EXISTS (SELECT 1 FROM derived_tag WHERE category_id = category.id)
                        AND NOT EXISTS (SELECT 1 FROM human_tag WHERE category_id = category.id)
                        AND NOT EXISTS (SELECT 1 FROM category child WHERE child.parent_id = category.id)
                    """, arguments: [position, isConcept])
        }
    }

    /// A category that stays while the taxonomy changed around it goes below the domain above it.
    private static func keepTwoLevels(_ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE category SET parent_id = (SELECT parent_id FROM category above WHERE above.id = category.parent_id)
                WHERE parent_id IN (SELECT id FROM category WHERE parent_id IS NOT NULL)
                """)
    }

    static func rebuildAncestors(_ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM category_ancestor;
                INSERT INTO category_ancestor(category_id, ancestor_id)
                    WITH RECURSIVE above(category_id, ancestor_id) AS (
                        SELECT id, id FROM category
                        UNION
                        SELECT above.category_id, category.parent_id FROM above
                        JOIN category ON category.id = above.ancestor_id WHERE category.parent_id IS NOT NULL)
                    SELECT category_id, ancestor_id FROM above;
                """)
    }

    private static func fingerprint(_ db: Database) throws -> [Row] {
        try Row.fetchAll(db, sql: "SELECT id, slug, label, parent_id FROM category ORDER BY id")
    }
}

/// How many neurons of a range carry each category.
private struct CategoryCounts {
    let domains: [CategoryCount]
    private let range: ClosedRange<Int64>

    init(_ db: Database, _ range: ClosedRange<Int64>) throws {
        self.range = range
        let sql = """
            SELECT c.id, c.slug, c.label, c.description, c.parent_id,
                (SELECT count(*) FROM neuron_category nc
                    WHERE nc.category_id = c.id AND nc.neuron_id BETWEEN ? AND ?) AS total,
                (SELECT count(*) FROM neuron_category nc
                    WHERE nc.category_id = c.id AND nc.neuron_id BETWEEN ? AND ? AND nc.is_direct) AS direct
            FROM category c ORDER BY c.position
            """
        let (low, high) = (range.lowerBound, range.upperBound)
        let rows = try Row.fetchAll(db, sql: sql, arguments: [low, high, low, high])
        domains = rows.filter { ($0["parent_id"] as Int64?) == nil }.map { domain in
            let id: Int64 = domain["id"]
            let children = rows.filter { ($0["parent_id"] as Int64?) == id }
            return Self.count(
                domain, parent: nil, children: children.map { Self.count($0, parent: domain["slug"], children: []) })
        }
    }

    func tagged(_ db: Database) throws -> Int { try count(db, "tag_sources <> 0") }

    func mine(_ db: Database) throws -> Int {
        try count(db, "tag_sources <> 0 AND tag_sources & \(TagSource.human.bit) <> 0")
    }

    private func count(_ db: Database, _ condition: String) throws -> Int {
        // The unary plus keeps SQLite on the small index of tagged neurons.
        let sql = "SELECT count(*) FROM neuron WHERE \(condition) AND +id BETWEEN ? AND ?"
        return try Int.fetchOne(db, sql: sql, arguments: [range.lowerBound, range.upperBound]) ?? 0
    }

    private static func count(_ row: Row, parent: String?, children: [CategoryCount]) -> CategoryCount {
        CategoryCount(
            slug: row["slug"], label: row["label"], description: row["description"], parent: parent,
            direct: row["direct"], total: row["total"], children: children)
    }
}
