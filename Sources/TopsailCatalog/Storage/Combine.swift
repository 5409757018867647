import GRDB

/// Brings together what machines derived and what a person wrote.
///
/// Each neuron carries a few values that follow from both: which explanation is shown and its score, who tagged it, its
/// categories with everything above them, and its words in the full-text index. They are computed here and nowhere
/// else, from scratch, for a range of neurons: one after a person's change, a whole SAE after deriving.
struct Combine {
    let db: Database
    /// Row ids of the neurons.
    let range: ClosedRange<Int64>

    init(_ db: Database, _ range: ClosedRange<Int64>) {
        self.db = db
        self.range = range
    }

    func run() throws { try Self.run(db, [range]) }

    /// Several ranges, whose words are merged once.
    static func run(_ db: Database, _ ranges: [ClosedRange<Int64>]) throws {
        var newWords = 0
        for range in ranges {
            let combine = Combine(db, range)
            try combine.keepNeuronsOfPeople()
            try combine.chooseExplanations()
            try combine.countTags()
            try combine.rebuildCategories()
            newWords += try combine.rebuildSearch()
        }
        // One piece, at a level of its own, that single changes are not merged with.
        if newWords > manyWords { try db.execute(sql: "INSERT INTO neuron_search(neuron_search) VALUES ('optimize')") }
    }

    /// A neuron with a person's work has a row, even when no machine ever said anything about it.
    private func keepNeuronsOfPeople() throws {
        try execute(
            """
            INSERT OR IGNORE INTO neuron(id, sae_id) SELECT neuron_id, neuron_id >> 32 FROM (
                SELECT neuron_id FROM human_tag WHERE neuron_id BETWEEN :low AND :high
                UNION SELECT neuron_id FROM human_explanation WHERE neuron_id BETWEEN :low AND :high
                UNION SELECT neuron_id FROM human_note WHERE neuron_id BETWEEN :low AND :high
                UNION SELECT neuron_id FROM human_rating WHERE neuron_id BETWEEN :low AND :high
                UNION SELECT neuron_id FROM list_member WHERE neuron_id BETWEEN :low AND :high)
            """)
        let added = db.changesCount
        if range.lowerBound == range.upperBound {
            guard added > 0 else { return }
            try db.execute(
                sql: "UPDATE sae SET neuron_count = neuron_count + 1 WHERE id = ?",
                arguments: [NeuronKey(rowID: range.lowerBound).sae])
        } else {
            try execute(
                """
                UPDATE sae SET neuron_count =
                    (SELECT count(*) FROM neuron WHERE neuron.id BETWEEN sae.id << 32 AND (sae.id << 32) + 4294967295)
                WHERE id BETWEEN :low >> 32 AND :high >> 32
                """)
        }
    }

    /// A person's words first, then a reader's, then the derived explanation with the highest correlation score.
    private func chooseExplanations() throws {
        try execute(
            """
            UPDATE neuron SET (explanation_source, correlation_score) = (
                SELECT source, (
                    SELECT value FROM explanation_score s
                    WHERE s.neuron_id = neuron.id AND s.source = e.source
                        AND (s.scorer IN ('simulation', 'segment') OR s.scorer GLOB 'simulation:*'
                            OR s.scorer GLOB 'segment:*')
                    ORDER BY s.scorer = 'simulation' DESC, s.scorer = 'segment' DESC, s.scorer GLOB 'simulation:*' DESC,
                        value DESC, s.scorer LIMIT 1) AS correlation
                FROM (
                    SELECT source, text FROM explanation WHERE neuron_id = neuron.id
                    UNION ALL SELECT 'human', text FROM human_explanation WHERE neuron_id = neuron.id) e
                ORDER BY source = 'human' DESC, source = 'reader' DESC, text IS NULL, correlation IS NULL, correlation DESC,
                    CASE WHEN source GLOB 'endpoint*' THEN 0 WHEN source GLOB 'model*' THEN 1 WHEN source = 'import' THEN 2
                        ELSE 3 END, source
                LIMIT 1)
            WHERE id BETWEEN :low AND :high
            """)
    }

    /// Who tagged each neuron. The index of every order of lists ends in it, so only where it changed: of many neurons most
    /// have no tag.
    private func countTags() throws {
        // What `neuron_tag` says, but that view would be read as a whole for each neuron.
        func isTagged(_ source: String) -> String {
            """
            EXISTS (
                SELECT 1 FROM derived_tag d WHERE d.neuron_id = neuron.id AND \(source) AND NOT EXISTS (
                    SELECT 1 FROM human_tag h
                    WHERE h.neuron_id = d.neuron_id AND h.category_id = d.category_id AND h.stance = 'removed'))
            """
        }
        let sources = """
            (EXISTS (SELECT 1 FROM human_tag WHERE neuron_id = neuron.id AND stance = 'added')
                + 2 * \(isTagged("d.source = 'contrast'")) + 4 * \(isTagged("d.source <> 'contrast'")))
            """
        try execute(
            "UPDATE neuron SET tag_sources = \(sources) WHERE id BETWEEN :low AND :high AND tag_sources <> \(sources)")
    }

    private func rebuildCategories() throws {
        try execute("DELETE FROM neuron_category WHERE neuron_id BETWEEN :low AND :high")
        let bit = "CASE t.source WHEN 'human' THEN 1 WHEN 'contrast' THEN 2 ELSE 4 END"
        try execute(
            """
            INSERT INTO neuron_category(
                neuron_id, category_id, is_direct, sources, correlation_score, density, max_activation)
            SELECT t.neuron_id, a.ancestor_id, max(a.ancestor_id = t.category_id), sum(DISTINCT \(bit)),
                   n.correlation_score, n.density, n.max_activation
            FROM neuron_tag t
            JOIN category_ancestor a ON a.category_id = t.category_id
            JOIN neuron n ON n.id = t.neuron_id
            WHERE t.neuron_id BETWEEN :low AND :high
            GROUP BY t.neuron_id, a.ancestor_id
            """)
    }

    /// From so many neurons whose words are new on, the whole index is merged.
    private static let manyWords = 20_000

    /// Indexing words costs more than all the rest, so only neurons whose words changed are indexed anew.
    ///
    /// - Returns: How many, where the range is a large one.
    private func rebuildSearch() throws -> Int {
        let explanation = """
            (SELECT group_concat(text, char(10)) FROM (
                SELECT text FROM explanation WHERE neuron_id = n.id
                UNION ALL SELECT text FROM human_explanation WHERE neuron_id = n.id))
            """
        let note = "(SELECT text FROM human_note WHERE neuron_id = n.id)"
        let tags = """
            (SELECT group_concat(c.label || ' ' || c.slug, char(10))
                FROM neuron_category nc JOIN category c ON c.id = nc.category_id WHERE nc.neuron_id = n.id)
            """
        let isSearched = """
            (n.explanation_source IS NOT NULL OR n.tag_sources <> 0
                OR EXISTS (SELECT 1 FROM human_note WHERE neuron_id = n.id))
            """
        try execute(
            """
            DELETE FROM neuron_search WHERE rowid IN (
                SELECT s.rowid FROM neuron_search s LEFT JOIN neuron n ON n.id = s.rowid
                WHERE s.rowid BETWEEN :low AND :high
                    AND (n.id IS NULL OR NOT \(isSearched) OR s.explanation IS NOT \(explanation)
                        OR s.note IS NOT \(note) OR s.tags IS NOT \(tags)))
            """)
        let isLarge = range.upperBound - range.lowerBound > 10_000
        if isLarge { try setSearchBuffer(16 << 20) }
        try execute(
            """
            INSERT INTO neuron_search(rowid, explanation, note, tags)
            SELECT n.id, \(explanation), \(note), \(tags) FROM neuron n
            WHERE n.id BETWEEN :low AND :high AND \(isSearched)
                AND NOT EXISTS (SELECT 1 FROM neuron_search s WHERE s.rowid = n.id)
            """)
        guard isLarge else { return 0 }
        let newWords = db.changesCount
        try setSearchBuffer(1 << 20)
        return newWords
    }

    /// Bytes of words that are gathered before they are written and merged (`hashsize` of FTS5); many neurons
    /// at once are indexed in nearly half the time with more than the usual 1 MB.
    private func setSearchBuffer(_ bytes: Int) throws {
        try db.execute(
            sql: "INSERT INTO neuron_search(neuron_search, rank) VALUES ('hashsize', ?)", arguments: [bytes])
    }

    private func execute(_ sql: String) throws {
        var arguments = StatementArguments()
        if sql.contains(":low") { arguments = ["low": range.lowerBound, "high": range.upperBound] }
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
