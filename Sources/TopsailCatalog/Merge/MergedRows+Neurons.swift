import Foundation
import GRDB
import TopsailCore

extension MergedRows {
    /// Their neuron's row id in our numbers, for a row `t` joined with `MAP_sae` as `m`.
    private static func key(_ column: String) -> String { "((m.ours << 32) | (t.\(column) & 4294967295))" }

    private static func joined(_ table: String, _ column: String) -> String {
        "PART.\(table) t JOIN MAP_sae m ON m.theirs = t.\(column) >> 32"
    }

    /// Statistics, and the evidence that belongs to them, are taken as one; logit effects and links each for themselves.
    mutating func mergeNeurons() throws {
        let known =
            "(o.density IS NOT NULL OR o.fired_count IS NOT NULL OR o.max_activation IS NOT NULL OR o.q999 IS NOT NULL)"
        _ = try execute(
            """
            CREATE TABLE MAP_new AS SELECT t.id AS theirs, \(Self.key("id")) AS ours FROM \(Self.joined("neuron", "id"))
            WHERE NOT EXISTS (SELECT 1 FROM main.neuron o WHERE o.id = \(Self.key("id")))
            """)
        part.neurons += try execute("INSERT INTO main.neuron(id, sae_id) SELECT ours, ours >> 32 FROM MAP_new")
        let figures = ["density", "fired_count", "max_activation", "q999", "mean_positive"]
        let differs = figures.map { "o.\($0) IS NOT t.\($0)" }.joined(separator: " OR ")
        // Whose statistics are taken is settled once, since contexts and histogram go with them.
        _ = try execute(
            """
            CREATE TABLE MAP_taken AS
            SELECT t.id AS theirs, o.id AS ours FROM \(Self.joined("neuron", "id"))
            JOIN main.neuron o ON o.id = \(Self.key("id"))
            LEFT JOIN main.neuron_evidence oe ON oe.neuron_id = o.id
            LEFT JOIN PART.neuron_evidence te ON te.neuron_id = t.id
            WHERE \(prefersTheirs ? "TRUE" : "NOT \(known) AND oe.contexts IS NULL AND oe.histogram IS NULL")
                AND (coalesce(\(figures.map { "t.\($0)" }.joined(separator: ", "))) IS NOT NULL
                    OR te.contexts IS NOT NULL OR te.histogram IS NOT NULL)
            """)
        let updated = try execute(
            """
            UPDATE main.neuron AS o SET \(figures.map { "\($0) = t.\($0)" }.joined(separator: ", "))
            FROM MAP_taken w JOIN PART.neuron t ON t.id = w.theirs WHERE o.id = w.ours AND (\(differs))
            """)
        // New neurons were counted when they were added.
        let new = try rows(
            """
            SELECT count(*) FROM MAP_new n JOIN MAP_taken w ON w.ours = n.ours JOIN PART.neuron t ON t.id = n.theirs
            WHERE coalesce(\(figures.map { "t.\($0)" }.joined(separator: ", "))) IS NOT NULL
            """)
        part.neurons += updated - (new.first?[0] ?? 0)
        try mergeEvidence()
    }

    private mutating func mergeEvidence() throws {
        _ = try execute(
            """
            INSERT OR IGNORE INTO main.neuron_evidence(neuron_id)
            SELECT \(Self.key("neuron_id")) FROM \(Self.joined("neuron_evidence", "neuron_id"))
            """)
        _ = try execute(
            """
            UPDATE main.neuron_evidence AS o SET histogram = t.histogram
            FROM MAP_taken w JOIN PART.neuron_evidence t ON t.neuron_id = w.theirs
            WHERE o.neuron_id = w.ours AND o.histogram IS NOT t.histogram
            """)
        for columns in [["top_logits", "bottom_logits"], ["similar"], ["coactive"]] {
            // An empty blob says that nothing is known: it is one byte long.
            let ours = columns.map { "coalesce(length(o.\($0)), 0) <= 1" }.joined(separator: " AND ")
            let theirs = columns.map { "coalesce(length(t.\($0)), 0) > 1" }.joined(separator: " OR ")
            let differs = columns.map { "o.\($0) IS NOT t.\($0)" }.joined(separator: " OR ")
            _ = try execute(
                """
                UPDATE main.neuron_evidence AS o SET \(columns.map { "\($0) = t.\($0)" }.joined(separator: ", "))
                FROM \(Self.joined("neuron_evidence", "neuron_id"))
                WHERE o.neuron_id = \(Self.key("neuron_id")) AND (\(theirs)) AND (\(differs))
                    AND (\(prefersTheirs ? "TRUE" : ours))
                """)
        }
        try mergeContexts()
    }

    /// Contexts name documents by our numbers.
    private func mergeContexts() throws {
        var documents: [DocumentID: DocumentID] = [:]
        for row in try rows("SELECT theirs, ours FROM MAP_document") { documents[row[0]] = row[1] }
        let taken = """
            SELECT w.ours, t.neuron_id, t.contexts
            FROM MAP_taken w JOIN PART.neuron_evidence t ON t.neuron_id = w.theirs
            """
        let update = try db.cachedStatement(sql: "UPDATE main.neuron_evidence SET contexts = ? WHERE neuron_id = ?")
        let hasWords = try db.tableExists("context_search_content")
        let cursor = try Row.fetchCursor(db, sql: sql(taken))
        while let row = try cursor.next() {
            guard let blob = row[2] as Data? else {
                try update.execute(arguments: [nil, row[0] as Int64])
                continue
            }
            guard let contexts = ContextPacking.unpack(blob) else {
                let sae = try rows("SELECT name FROM PART.sae WHERE id = ?", [(row[1] as Int64) >> 32]).first
                let neuron = "\(sae?["name"] ?? "?")/\((row[1] as Int64) & 0xFFFF_FFFF)"
                throw CatalogError(.damaged(path: part.path, what: "contexts of neuron \(neuron)"))
            }
            let moved = contexts.compactMap { context in
                documents[context.documentID].map { document in
                    NeuronContext(
                        documentID: document, start: context.start, activations: context.activations, band: context.band
                    )
                }
            }
            try update.execute(arguments: [moved.isEmpty ? nil : ContextPacking.pack(moved), row[0] as Int64])
        }
        if hasWords { try mergeContextWords() }
    }

    /// Words on which a neuron fires, where the other catalog has indexed them.
    private func mergeContextWords() throws {
        _ = try execute(
            """
            DELETE FROM main.context_search WHERE rowid IN (
                SELECT w.ours FROM MAP_taken w JOIN PART.context_search_content t ON t.id = w.theirs)
            """)
        _ = try execute(
            """
            INSERT INTO main.context_search(rowid, text)
            SELECT w.ours, t.c0 FROM MAP_taken w JOIN PART.context_search_content t ON t.id = w.theirs
            """)
    }

    /// Explanations by source; scores go with the words that they judge.
    mutating func mergeExplanations() throws {
        let key = Self.key("neuron_id")
        let same = "o.neuron_id = \(key) AND o.source = t.source"
        if prefersTheirs {
            _ = try execute(
                """
                DELETE FROM main.explanation_score AS s WHERE EXISTS (
                    SELECT 1 FROM \(Self.joined("explanation", "neuron_id")) JOIN main.explanation o ON \(same)
                    WHERE o.text IS NOT t.text AND s.neuron_id = o.neuron_id AND s.source = o.source)
                """)
            part.explanations += try execute(
                """
                UPDATE main.explanation AS o SET text = t.text, details = t.details
                FROM \(Self.joined("explanation", "neuron_id")) WHERE \(same) AND (o.text IS NOT t.text OR o.details IS NOT t.details)
                """)
        }
        part.explanations += try execute(
            """
            INSERT OR IGNORE INTO main.explanation(neuron_id, source, text, details)
            SELECT \(key), source, text, details FROM \(Self.joined("explanation", "neuron_id"))
            """)
        part.scores += try mergeScores("main.explanation o ON \(same)", "PART.explanation x", ofPeople: false)
    }

    /// Scores of explanations whose words are the same on both sides.
    private func mergeScores(_ ours: String, _ theirs: String, ofPeople: Bool) throws -> Int {
        let source = ofPeople ? "t.source = 'human'" : "t.source <> 'human' AND x.source = t.source"
        let columns = "scorer, value, samples, low, high, details"
        let taken = columns.split(separator: ", ").map { "t.\($0)" }.joined(separator: ", ")
        let select = """
            SELECT \(Self.key("neuron_id")), t.source, \(taken) FROM \(Self.joined("explanation_score", "neuron_id"))
            JOIN \(theirs) ON x.neuron_id = t.neuron_id JOIN \(ours)
            WHERE \(source) AND o.text IS x.text
            """
        let insert = "main.explanation_score(neuron_id, source, \(columns))"
        if prefersTheirs {
            let new = "\(select) EXCEPT SELECT neuron_id, source, \(columns) FROM main.explanation_score"
            return try execute("INSERT OR REPLACE INTO \(insert) \(new)")
        }
        return try execute("INSERT OR IGNORE INTO \(insert) \(select)")
    }

    /// What refers to a person's work: scores of their explanations, and machines' tags with their categories.
    mutating func mergeWhatFollows() throws {
        try mergeDerivedTags()
        part.scores += try mergeScores(
            "main.human_explanation o ON o.neuron_id = \(Self.key("neuron_id"))", "PART.human_explanation x",
            ofPeople: true)
    }

    private mutating func mergeDerivedTags() throws {
        let select = """
            SELECT \(Self.key("neuron_id")), c.id, t.source, t.score, t.effect, t.pairs
            FROM \(Self.joined("derived_tag", "neuron_id"))
            JOIN PART.category tc ON tc.id = t.category_id JOIN main.category c ON c.slug = tc.slug
            """
        let insert = "main.derived_tag(neuron_id, category_id, source, score, effect, pairs)"
        if prefersTheirs {
            let ours = "SELECT neuron_id, category_id, source, score, effect, pairs FROM main.derived_tag"
            part.derivedTags += try execute("INSERT OR REPLACE INTO \(insert) \(select) EXCEPT \(ours)")
        } else {
            part.derivedTags += try execute("INSERT OR IGNORE INTO \(insert) \(select)")
        }
    }
}
