import Foundation
import GRDB

/// Makes saved rows fit together: names that are left in an index come back, a person's rows that are left in the journal
/// come back, and what refers to something lost goes.
struct RescueRepair {
    let source: Database
    let target: Database
    var report: RescueReport

    mutating func run() throws {
        try restoreNames()
        try settleJournal()
        try restoreFromJournal()
        try Catalog.rebuildAncestors(target)
        try dropBrokenBlobs()
        try dropOrphans()
    }

    // MARK: Names

    /// SAEs, categories, lists and corpora whose rows are lost keep their name, so that what refers to them stays.
    private mutating func restoreNames() throws {
        let inserts: [(table: String, sql: String)] = [
            ("model", "INSERT OR IGNORE INTO model(id, name) VALUES (?, ?)"),
            ("corpus", "INSERT OR IGNORE INTO corpus(id, name) VALUES (?, ?)"),
            (
                "category",
                """
                INSERT OR IGNORE INTO category(id, slug, position, label) VALUES (
                    :id, :name, (SELECT coalesce(max(position), 0) + 1 FROM category), :name)
                """
            ),
            ("list", "INSERT OR IGNORE INTO list(id, name, description) VALUES (?, ?, '')"),
        ]
        for (table, sql) in inserts {
            for (id, name) in UniqueNames.read(source, table: table, column: table == "category" ? "slug" : "name") {
                let arguments: StatementArguments = table == "category" ? ["id": id, "name": name] : [id, name]
                try target.execute(sql: sql, arguments: arguments)
                if target.changesCount > 0 { report.note("all of “\(name)” but its name", in: table) }
            }
        }
        try restoreSAEs()
    }

    private mutating func restoreSAEs() throws {
        let names = Dictionary(UniqueNames.read(source, table: "sae", column: "name").map { ($0.id, $0.name) }) { $1 }
        let tables = CatalogTable.all.filter { if case .neuron = $0.key { true } else { false } }
        let keys =
            tables.map { "SELECT \($0.key.column) AS id FROM \($0.name)" } + ["SELECT neuron_id FROM list_member"]
        let used =
            "SELECT id >> 32 AS sae, max(id & 4294967295) + 1 AS width FROM (\(keys.joined(separator: " UNION ALL ")))"
        let rows = try Row.fetchAll(target, sql: used + " GROUP BY 1 HAVING sae NOT IN (SELECT id FROM sae)")
        for row in rows {
            let (id, width): (Int64, Int64) = (row[0], row[1])
            guard id > 0, id < NeuronKey.maxSAE else { continue }
            try target.execute(sql: "INSERT OR IGNORE INTO model(name) VALUES ('unknown')")
            let name = names[id] ?? "rescued-\(id)"
            try target.execute(
                sql: """
                    INSERT OR IGNORE INTO sae(id, name, model_id, architecture, d_in, d_sae, metrics, is_default)
                    VALUES (?, ?, (SELECT id FROM model WHERE name = 'unknown'), 'unknown', 1, ?, '{}', 0)
                    """, arguments: [id, name, width])
            report.note("all of “\(name)” but its name", in: "sae")
        }
    }

    // MARK: Journal

    /// A step that lost changes, or that refers to a vanished one, can be neither undone nor redone.
    private mutating func settleJournal() throws {
        try target.execute(
            sql: """
                DELETE FROM journal_change WHERE step_id NOT IN (SELECT id FROM journal_step);
                UPDATE journal_step SET state = 'abandoned' WHERE id IN (
                    SELECT s.id FROM journal_step s LEFT JOIN journal_change c ON c.step_id = s.id
                    GROUP BY s.id HAVING count(c.position) <> coalesce(max(c.position) + 1, -1));
                """)
    }

    /// The journal tells every change that a person made, so that rows whose page is gone can be told from it.
    private mutating func restoreFromJournal() throws {
        let annotations = Annotations(target)
        let hurt = Set(report.tables.filter { $0.isHuman && !$0.lost.isEmpty }.map(\.name))
        guard !hurt.isEmpty else { return }
        for (wanted, value) in try Journal(target).finalValues() {
            guard let value, let table = wanted.field.table, hurt.contains(table) else { continue }
            guard (try? annotations.value(of: wanted)) == .some(nil) else { continue }
            guard (try? annotations.set(wanted, to: value)) != nil else { continue }
            if let index = report.tables.firstIndex(where: { $0.name == table }) {
                report.tables[index].restored += 1
                report.tables[index].saved += 1
            }
        }
    }

    // MARK: What does not fit

    private mutating func dropBrokenBlobs() throws {
        for column in EvidenceColumn.allCases {
            let name = column.rawValue
            let rows = try Row.fetchCursor(
                target, sql: "SELECT neuron_id, \(name) FROM neuron_evidence WHERE \(name) IS NOT NULL")
            var broken: [Int64] = []
            while let row = try rows.next() {
                if !column.isReadable(row[1]) { broken.append(row[0]) }
            }
            for neuron in broken {
                let sql = "UPDATE neuron_evidence SET \(name) = NULL WHERE neuron_id = ?"
                try target.execute(sql: sql, arguments: [neuron])
            }
            if !broken.isEmpty { report.note("\(name) of \(broken.count) neurons", in: "neuron_evidence") }
        }
    }

    /// Deletes rows that refer to lost ones, until none is left.
    private mutating func dropOrphans() throws {
        // Derived rows of a neuron whose own row is lost stay: its statistics are gone, its words are not.
        try target.execute(
            sql: """
                INSERT OR IGNORE INTO neuron(id, sae_id) SELECT id, id >> 32 FROM (
                    SELECT neuron_id AS id FROM neuron_evidence UNION SELECT neuron_id FROM explanation
                    UNION SELECT neuron_id FROM derived_tag UNION SELECT neuron_id FROM explanation_score)
                WHERE id >> 32 IN (SELECT id FROM sae);
                UPDATE category SET parent_id = NULL WHERE parent_id NOT IN (SELECT id FROM category);
                """)
        let rules = [
            ("corpus_document", "corpus_id NOT IN (SELECT id FROM corpus)"),
            ("corpus_token", "corpus_id NOT IN (SELECT id FROM corpus)"),
            ("human_tag", "category_id NOT IN (SELECT id FROM category)"),
            ("list_member", "list_id NOT IN (SELECT id FROM list)"),
            ("derived_tag", "category_id NOT IN (SELECT id FROM category)"),
            ("neuron", "sae_id NOT IN (SELECT id FROM sae)"),
            ("neuron_evidence", "neuron_id NOT IN (SELECT id FROM neuron)"),
            ("explanation", "neuron_id NOT IN (SELECT id FROM neuron)"),
            ("explanation_score", "neuron_id NOT IN (SELECT id FROM neuron)"),
            ("derived_tag", "neuron_id NOT IN (SELECT id FROM neuron)"),
            ("import_run", "sae_id NOT IN (SELECT id FROM sae)"),
        ]
        let homeless = "model_id NOT IN (SELECT id FROM model)"
        if try Bool.fetchOne(target, sql: "SELECT 1 FROM sae WHERE \(homeless)") != nil {
            try target.execute(
                sql: """
                    INSERT OR IGNORE INTO model(name) VALUES ('unknown');
                    UPDATE OR REPLACE sae SET is_default = 0, model_id = (SELECT id FROM model WHERE name = 'unknown')
                    WHERE \(homeless);
                    """)
            report.note("the model of some SAEs", in: "sae")
        }
        for (table, condition) in rules {
            try target.execute(sql: "DELETE FROM \(table) WHERE \(condition)")
            let count = target.changesCount
            if count > 0 { report.note("\(count) rows that refer to something lost", in: table) }
        }
    }
}
