import Foundation
import GRDB
import TopsailCore

/// Whether rows fit together: references, blobs, and what follows from explanations and tags.
struct ConsistencyCheck {
    let db: Database
    private let directory: SAEDirectory

    init(_ db: Database) throws {
        self.db = db
        directory = try SAEDirectory(db)
    }

    func run() throws -> [CatalogDamage] {
        try references() + brokenBlobs() + brokenDocuments() + counts() + combined() + journal()
    }

    private func references() throws -> [CatalogDamage] {
        try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { row in
            let (child, parent) = (row["table"] as String? ?? "?", row["parent"] as String? ?? "?")
            let id = (row["rowid"] as Int64?).map { " \($0)" } ?? ""
            return CatalogDamage("row\(id) of \(child) refers to one of \(parent) that is gone", table: child)
        }
    }

    private func brokenBlobs() throws -> [CatalogDamage] {
        var damage: [CatalogDamage] = []
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM neuron_evidence")
        while let row = try rows.next() {
            for column in EvidenceColumn.allCases {
                guard let blob = row[column.rawValue] as Data?, !column.isReadable(blob) else { continue }
                damage.append(
                    about(row["neuron_id"], table: "neuron_evidence", column: column.rawValue) {
                        "\(column.rawValue) of neuron \($0) is broken"
                    })
            }
        }
        return damage
    }

    private func brokenDocuments() throws -> [CatalogDamage] {
        let sql = """
            SELECT id FROM corpus_document
            WHERE length(tokens) = 0 OR hex(substr(tokens, 1, 1)) NOT IN ('02', '04')
                OR (length(tokens) - 1) % iif(hex(substr(tokens, 1, 1)) = '04', 4, 2) <> 0
            """
        return try Int64.fetchAll(db, sql: sql).map {
            CatalogDamage("the tokens of document \($0) are broken", table: "corpus_document", column: "tokens")
        }
    }

    private func counts() throws -> [CatalogDamage] {
        let sql = """
            SELECT name, neuron_count, (
                SELECT count(*) FROM neuron WHERE id BETWEEN sae.id << 32 AND (sae.id << 32) + 4294967295) AS found
            FROM sae WHERE neuron_count <> found
            """
        return try Row.fetchAll(db, sql: sql).map { row in
            let name = PrintableText.printable(row["name"])
            return CatalogDamage(
                "the SAE \(name) has \(row["found"] as Int) neurons and says \(row["neuron_count"] as Int)",
                table: "sae",
                sae: row["name"], column: "neuron_count")
        }
    }

    /// Values that `Combine` keeps.
    private func combined() throws -> [CatalogDamage] {
        let bit = "CASE t.source WHEN 'human' THEN 1 WHEN 'contrast' THEN 2 ELSE 4 END"
        let expected = """
            SELECT t.neuron_id, a.ancestor_id, max(a.ancestor_id = t.category_id), sum(DISTINCT \(bit))
            FROM neuron_tag t JOIN category_ancestor a ON a.category_id = t.category_id GROUP BY 1, 2
            """
        let found = "SELECT neuron_id, category_id, is_direct, sources FROM neuron_category"
        let explained =
            "(SELECT 1 FROM neuron_explanation e WHERE e.neuron_id = n.id AND e.source = n.explanation_source)"
        let rules: [(sql: String, table: String, problem: String)] = [
            ("\(expected) EXCEPT \(found)", "neuron_category", "is not filed under all its categories"),
            ("\(found) EXCEPT \(expected)", "neuron_category", "is filed under a category that it does not have"),
            (
                """
                SELECT id FROM neuron n WHERE tag_sources <> coalesce(
                    (SELECT sum(DISTINCT \(bit)) FROM neuron_tag t WHERE t.neuron_id = n.id), 0)
                """, "neuron", "does not say right who tagged it"
            ),
            (
                """
                SELECT id FROM neuron n WHERE (explanation_source IS NULL) <> NOT EXISTS (
                    SELECT 1 FROM neuron_explanation e WHERE e.neuron_id = n.id)
                    OR (explanation_source IS NOT NULL AND NOT EXISTS \(explained))
                """, "neuron", "shows an explanation that it does not have"
            ),
            (
                """
                SELECT neuron_id FROM (
                    SELECT neuron_id FROM human_tag UNION SELECT neuron_id FROM human_explanation
                    UNION SELECT neuron_id FROM human_note UNION SELECT neuron_id FROM human_rating
                    UNION SELECT neuron_id FROM list_member)
                WHERE neuron_id NOT IN (SELECT id FROM neuron)
                """, "neuron", "has your annotations and no row"
            ),
            (
                """
                SELECT n.id FROM neuron n
                WHERE (n.explanation_source IS NOT NULL OR n.tag_sources <> 0
                        OR EXISTS (SELECT 1 FROM human_note WHERE neuron_id = n.id))
                    <> EXISTS (SELECT 1 FROM neuron_search_docsize WHERE id = n.id)
                """, "neuron_search", "is not in the index of words as it should be"
            ),
        ]
        return try rules.flatMap { rule in
            try Int64.fetchAll(db, sql: "SELECT * FROM (\(rule.sql)) LIMIT 20").map { neuron in
                about(neuron, table: rule.table) { "neuron \($0) \(rule.problem)" }
            }
        }
    }

    private func journal() throws -> [CatalogDamage] {
        let sql = "SELECT id FROM journal_step s WHERE NOT EXISTS (SELECT 1 FROM journal_change WHERE step_id = s.id)"
        return try Int64.fetchAll(db, sql: sql + " AND state <> 'abandoned'").map {
            CatalogDamage("step \($0) of the journal lacks its changes", table: "journal_step")
        }
    }

    private func about(
        _ neuron: Int64, table: String, column: String? = nil, _ sentence: (NeuronID) -> String
    ) -> CatalogDamage {
        let key = NeuronKey(rowID: neuron)
        let name = directory.name(of: key)
        return CatalogDamage(
            sentence(name), table: table, sae: directory[key.sae]?.record.name, neuron: name, column: column)
    }
}

/// The blobs of a neuron's evidence.
enum EvidenceColumn: String, CaseIterable {
    case histogram, contexts, similar, coactive
    case topLogits = "top_logits"
    case bottomLogits = "bottom_logits"

    func isReadable(_ blob: Data) -> Bool {
        switch self {
        case .histogram: HistogramPacking.unpack(blob) != nil
        case .contexts: ContextPacking.unpack(blob) != nil
        case .similar, .coactive: PairPacking.links(blob) != nil
        case .topLogits, .bottomLogits: PairPacking.tokenEffects(blob) != nil
        }
    }
}
