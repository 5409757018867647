import Foundation
import GRDB
import TopsailCore

/// Takes the named and derived rows of one attached catalog.
struct MergedRows {
    let db: Database
    /// Under which name the other catalog is attached.
    let schema: String
    let prefersTheirs: Bool
    var part: MergeReport.Part
    var conflicts: [MergeReport.Conflict] = []
    /// Their name of a corpus → ours, where they differ.
    var corpusNames: [String: String] = [:]

    init(_ db: Database, schema: String, path: String, prefer preference: MergePreference) {
        self.db = db
        self.schema = schema
        self.prefersTheirs = preference == .theirs
        part = MergeReport.Part(path: path)
    }

    /// Drops the tables that tell which row of ours is which of theirs.
    func dropMaps() {
        for name in ["sae", "document", "new", "taken"] {
            try? db.execute(sql: sql("DROP TABLE IF EXISTS MAP_\(name)"))
        }
    }

    mutating func run() throws {
        dropMaps()
        try mergeModels()
        try checkSAEs()
        try mergeCorpora()
        try mergeSAEs()
        try mergeCategories()
        try mergeNeurons()
        try mergeExplanations()
        try mergeImports()
    }

    /// A statement in which `PART.` stands for the other catalog and `MAP_` for the tables that map its rows to ours.
    func sql(_ text: String) -> String {
        text.replacing("PART.", with: "\(schema).").replacing("MAP_", with: "temp.\(schema)_")
    }

    /// Runs a statement and counts the rows that it changed.
    func execute(_ text: String, _ arguments: StatementArguments = StatementArguments()) throws -> Int {
        try db.execute(sql: sql(text), arguments: arguments)
        return db.changesCount
    }

    func rows(_ text: String, _ arguments: StatementArguments = StatementArguments()) throws -> [Row] {
        try Row.fetchAll(db, sql: sql(text), arguments: arguments)
    }

    mutating func conflict(_ subject: String, ours: String, theirs: String) {
        conflicts.append(MergeReport.Conflict(path: part.path, subject: subject, ours: ours, theirs: theirs))
    }

    // MARK: Models and SAEs

    private mutating func mergeModels() throws {
        let differing = """
            SELECT o.name, o.sha256 AS ours, t.sha256 AS theirs
            FROM PART.model t JOIN main.model o ON o.name = t.name WHERE o.sha256 <> t.sha256
            """
        for row in try rows(differing) {
            conflict("checksum of the model \(row["name"] as String)", ours: row["ours"], theirs: row["theirs"])
        }
        part.models += try execute("INSERT OR IGNORE INTO main.model(name, sha256) SELECT name, sha256 FROM PART.model")
        part.models += try execute(
            """
            UPDATE main.model SET sha256 = t.sha256 FROM PART.model t
            WHERE t.name = model.name AND model.sha256 IS NULL AND t.sha256 IS NOT NULL
            """)
    }

    /// Two SAEs of one name must be the same one.
    private func checkSAEs() throws {
        let both = """
            SELECT o.name, o.d_sae AS d_sae, t.d_sae AS their_d_sae, o.d_in AS d_in, t.d_in AS their_d_in,
                o.sha256 AS sha256, t.sha256 AS their_sha256
            FROM PART.sae t JOIN main.sae o ON o.name = t.name
            """
        for row in try rows(both) {
            let name: String = row["name"]
            for column in ["d_sae", "d_in", "sha256"] {
                let (ours, theirs): (DatabaseValue, DatabaseValue) = (row[column], row["their_\(column)"])
                guard !ours.isNull, !theirs.isNull, ours != theirs else { continue }
                let problem =
                    "it has the \(column) \(Self.text(theirs)), the one here \(Self.text(ours)); they are two SAEs"
                throw CatalogError(.invalid(what: "the SAE \(name) of \(part.path)", problem: problem))
            }
        }
    }

    private static func text(_ value: DatabaseValue) -> String {
        String.fromDatabaseValue(value) ?? Int64.fromDatabaseValue(value).map(String.init) ?? "–"
    }

    private mutating func mergeSAEs() throws {
        for row in try rows("SELECT t.name, t.corpus FROM PART.sae t WHERE t.name NOT IN (SELECT name FROM main.sae)") {
            let corpus = (row["corpus"] as String?).map { corpusNames[$0] ?? $0 }
            part.saes += try execute(
                """
                INSERT INTO main.sae(name, model_id, hook, layer, architecture, d_in, d_sae, k, path, sha256, metrics,
                                     is_default, corpus, counted_tokens, context_length, excluded_tokens)
                SELECT t.name, m.id, hook, layer, architecture, d_in, d_sae, k, path, t.sha256, metrics,
                    is_default AND NOT EXISTS (
                        SELECT 1 FROM main.sae o WHERE o.model_id = m.id AND o.layer IS t.layer AND o.is_default),
                    ?, counted_tokens, context_length, excluded_tokens
                FROM PART.sae t JOIN PART.model tm ON tm.id = t.model_id JOIN main.model m ON m.name = tm.name
                WHERE t.name = ?
                """, [corpus, row["name"]])
        }
        // What was not known of an SAE here is filled in.
        part.saes += try execute(
            """
            UPDATE main.sae SET sha256 = coalesce(sae.sha256, t.sha256), hook = coalesce(sae.hook, t.hook),
                layer = iif(sae.is_default, sae.layer, coalesce(sae.layer, t.layer)), k = coalesce(sae.k, t.k), path = coalesce(sae.path, t.path),
                metrics = iif(sae.metrics = '{}', t.metrics, sae.metrics)
            FROM PART.sae t WHERE t.name = sae.name AND (
                (sae.sha256 IS NULL AND t.sha256 IS NOT NULL) OR (sae.hook IS NULL AND t.hook IS NOT NULL)
                OR (sae.layer IS NULL AND t.layer IS NOT NULL AND NOT sae.is_default) OR (sae.k IS NULL AND t.k IS NOT NULL)
                OR (sae.path IS NULL AND t.path IS NOT NULL) OR (sae.metrics = '{}' AND t.metrics <> '{}'))
            """)
        for row in try rows("SELECT name, corpus FROM PART.sae WHERE corpus IS NOT NULL") {
            let corpus: String = row["corpus"]
            part.saes += try execute(
                """
                UPDATE main.sae SET corpus = ?, counted_tokens = t.counted_tokens, context_length = t.context_length,
                    excluded_tokens = t.excluded_tokens
                FROM PART.sae t WHERE t.name = sae.name AND sae.name = ? AND sae.corpus IS NULL
                """, [corpusNames[corpus] ?? corpus, row["name"]])
        }
        _ = try execute(
            """
            CREATE TABLE MAP_sae AS
            SELECT t.id AS theirs, o.id AS ours FROM PART.sae t JOIN main.sae o ON o.name = t.name
            """)
    }

    // MARK: Categories

    /// A taxonomy's categories that are missing here and that machines or people used; a person's own come with the
    /// journal.
    private mutating func mergeCategories() throws {
        let used = """
            SELECT t.* FROM PART.category t WHERE t.is_own = 0 AND t.slug NOT IN (SELECT slug FROM main.category)
                AND t.id IN (
                    SELECT a.ancestor_id FROM PART.category_ancestor a WHERE a.category_id IN (
                        SELECT category_id FROM PART.derived_tag UNION SELECT category_id FROM PART.human_tag
                        UNION SELECT id FROM PART.category WHERE is_own))
            """
        for level in ["IS NULL", "IS NOT NULL"] {
            part.categories += try execute(
                """
                INSERT INTO main.category(slug, parent_id, position, label, description, mappings)
                SELECT u.slug, coalesce(o.parent_id, o.id), u.position + (SELECT coalesce(max(position), 0) FROM main.category),
                    u.label, u.description, u.mappings
                FROM (\(used)) u LEFT JOIN PART.category p ON p.id = u.parent_id
                LEFT JOIN main.category o ON o.slug = p.slug
                WHERE u.parent_id \(level)
                """)
        }
    }

    // MARK: Imports

    private func mergeImports() throws {
        _ = try execute(
            """
            INSERT INTO main.import_run(at, format, path, sha256, sae_id, report)
            SELECT t.at, t.format, t.path, t.sha256, m.ours, t.report
            FROM PART.import_run t LEFT JOIN MAP_sae m ON m.theirs = t.sae_id
            WHERE NOT EXISTS (SELECT 1 FROM main.import_run o WHERE o.at = t.at AND o.format = t.format AND o.path = t.path)
            """)
    }
}
