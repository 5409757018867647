import GRDB

/// The tables, by numbered migration. A published migration is never edited; changes come as new ones.
enum Schema {
    /// `PRAGMA application_id` of a catalog: “TPSL”.
    static let applicationID: Int32 = 0x5450_534C

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            for sql in [models, corpora, taxonomy, derived, human, journal, combined, search] {
                try db.execute(sql: sql)
            }
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        }
        migrator.registerMigration("2") { db in
            for sql in [state, orders, ownTexts, ratings, ownCategories, imports, contextSearch] {
                try db.execute(sql: sql)
            }
        }
        migrator.registerMigration("3") { db in
            for sql in [savedQueries, searchMerges] { try db.execute(sql: sql) }
        }
        migrator.registerMigration("4") { db in
            for sql in [rebuilt("neuron_search", columns: 3), rebuilt("context_search", columns: 1)] {
                try db.execute(sql: sql)
            }
        }
        return migrator
    }

    private static let models = """
        CREATE TABLE model (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            sha256 TEXT
        ) STRICT;
        -- AUTOINCREMENT: neuron ids are made of SAE ids, so an id must never come to mean another SAE.
        CREATE TABLE sae (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            model_id INTEGER NOT NULL REFERENCES model(id),
            hook TEXT,
            layer INTEGER,
            architecture TEXT NOT NULL,
            d_in INTEGER NOT NULL,
            d_sae INTEGER NOT NULL,
            k INTEGER,
            path TEXT,
            sha256 TEXT,
            metrics TEXT NOT NULL,
            is_default INTEGER NOT NULL,
            corpus TEXT,
            counted_tokens INTEGER,
            context_length INTEGER,
            excluded_tokens TEXT,
            neuron_count INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE UNIQUE INDEX sae_default ON sae(model_id, layer) WHERE is_default = 1;
        """

    private static let corpora = """
        CREATE TABLE corpus (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE corpus_document (
            id INTEGER PRIMARY KEY,
            corpus_id INTEGER NOT NULL REFERENCES corpus(id),
            number INTEGER NOT NULL,
            topic TEXT,
            tokens BLOB NOT NULL,
            UNIQUE (corpus_id, number)
        ) STRICT;
        """

    private static let taxonomy = """
        CREATE TABLE category (
            id INTEGER PRIMARY KEY,
            slug TEXT NOT NULL UNIQUE,
            parent_id INTEGER REFERENCES category(id),
            position INTEGER NOT NULL,
            label TEXT NOT NULL,
            description TEXT,
            mappings TEXT
        ) STRICT;
        -- Each category with itself and everything above it.
        CREATE TABLE category_ancestor (
            category_id INTEGER NOT NULL REFERENCES category(id) ON DELETE CASCADE,
            ancestor_id INTEGER NOT NULL REFERENCES category(id) ON DELETE CASCADE,
            PRIMARY KEY (category_id, ancestor_id)
        ) STRICT, WITHOUT ROWID;
        """

    /// What machines found out. Deleted and written anew as a whole.
    private static let derived = """
        CREATE TABLE neuron (
            id INTEGER PRIMARY KEY,
            sae_id INTEGER NOT NULL REFERENCES sae(id),
            density REAL,
            fired_count INTEGER,
            max_activation REAL,
            q999 REAL,
            mean_positive REAL,
            -- The next three follow from explanations and tags; Combine.swift keeps them.
            explanation_source TEXT,
            correlation_score REAL,
            tag_sources INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX neuron_by_score ON neuron(correlation_score DESC);
        CREATE INDEX neuron_by_density ON neuron(density DESC);
        CREATE INDEX neuron_by_max ON neuron(max_activation DESC);
        CREATE INDEX neuron_tagged ON neuron(tag_sources) WHERE tag_sources <> 0;
        CREATE TABLE neuron_evidence (
            neuron_id INTEGER PRIMARY KEY REFERENCES neuron(id) ON DELETE CASCADE,
            histogram BLOB,
            contexts BLOB,
            top_logits BLOB,
            bottom_logits BLOB,
            similar BLOB,
            coactive BLOB
        ) STRICT;
        CREATE TABLE explanation (
            neuron_id INTEGER NOT NULL REFERENCES neuron(id) ON DELETE CASCADE,
            source TEXT NOT NULL CHECK (source <> 'human'),
            text TEXT,
            details TEXT,
            PRIMARY KEY (neuron_id, source)
        ) STRICT, WITHOUT ROWID;
        -- Without a reference to explanation: a person's explanations are scored as well.
        CREATE TABLE explanation_score (
            neuron_id INTEGER NOT NULL REFERENCES neuron(id) ON DELETE CASCADE,
            source TEXT NOT NULL,
            scorer TEXT NOT NULL,
            value REAL NOT NULL,
            samples INTEGER,
            low REAL,
            high REAL,
            details TEXT,
            PRIMARY KEY (neuron_id, source, scorer)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE derived_tag (
            neuron_id INTEGER NOT NULL REFERENCES neuron(id) ON DELETE CASCADE,
            category_id INTEGER NOT NULL REFERENCES category(id) ON DELETE CASCADE,
            source TEXT NOT NULL CHECK (source <> 'human'),
            score REAL,
            effect REAL,
            pairs INTEGER,
            PRIMARY KEY (neuron_id, category_id, source)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX derived_tag_by_category ON derived_tag(category_id);
        """

    /// A person's work. It names neurons by their computed id and refers to no derived row, so that deriving again
    /// cannot reach it.
    private static let human = """
        CREATE TABLE human_tag (
            neuron_id INTEGER NOT NULL,
            category_id INTEGER NOT NULL REFERENCES category(id),
            stance TEXT NOT NULL CHECK (stance IN ('added', 'removed')),
            PRIMARY KEY (neuron_id, category_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX human_tag_by_category ON human_tag(category_id);
        CREATE TABLE human_explanation (
            neuron_id INTEGER PRIMARY KEY,
            text TEXT NOT NULL
        ) STRICT;
        CREATE TABLE human_note (
            neuron_id INTEGER PRIMARY KEY,
            text TEXT NOT NULL
        ) STRICT;
        CREATE TABLE list (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            description TEXT NOT NULL
        ) STRICT;
        CREATE TABLE list_member (
            list_id INTEGER NOT NULL REFERENCES list(id) ON DELETE CASCADE,
            neuron_id INTEGER NOT NULL,
            PRIMARY KEY (list_id, neuron_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX list_member_by_neuron ON list_member(neuron_id);
        """

    private static let journal = """
        CREATE TABLE journal_step (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at REAL NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'abandoned'))
        ) STRICT;
        CREATE INDEX journal_step_by_state ON journal_step(state);
        CREATE TABLE journal_change (
            step_id INTEGER NOT NULL REFERENCES journal_step(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            field TEXT NOT NULL,
            neuron_id INTEGER,
            name TEXT,
            before TEXT,
            after TEXT,
            PRIMARY KEY (step_id, position)
        ) STRICT, WITHOUT ROWID;
        """

    /// Where both sides meet: two views that say what counts, and a table that makes pages of a category quick.
    private static let combined = """
        CREATE VIEW neuron_tag AS
            SELECT d.neuron_id, d.category_id, d.source FROM derived_tag d
            WHERE NOT EXISTS (
                SELECT 1 FROM human_tag h
                WHERE h.neuron_id = d.neuron_id AND h.category_id = d.category_id AND h.stance = 'removed')
            UNION ALL
            SELECT neuron_id, category_id, 'human' FROM human_tag WHERE stance = 'added';
        CREATE VIEW neuron_explanation AS
            SELECT neuron_id, source, text, details FROM explanation
            UNION ALL
            SELECT neuron_id, 'human', text, NULL FROM human_explanation;
        -- Each neuron under each category it counts for, with the figures that pages are sorted by.
        CREATE TABLE neuron_category (
            neuron_id INTEGER NOT NULL REFERENCES neuron(id) ON DELETE CASCADE,
            category_id INTEGER NOT NULL REFERENCES category(id) ON DELETE CASCADE,
            is_direct INTEGER NOT NULL,
            sources INTEGER NOT NULL,
            correlation_score REAL,
            density REAL,
            max_activation REAL,
            PRIMARY KEY (neuron_id, category_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX neuron_category_by_id ON neuron_category(category_id, neuron_id, is_direct);
        CREATE INDEX neuron_category_by_score ON neuron_category(category_id, correlation_score DESC, neuron_id);
        CREATE INDEX neuron_category_by_density ON neuron_category(category_id, density DESC, neuron_id);
        CREATE INDEX neuron_category_by_max ON neuron_category(category_id, max_activation DESC, neuron_id);
        """

    private static let search = """
        CREATE VIRTUAL TABLE neuron_search USING fts5(
            explanation, note, tags, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
        """

    // MARK: Migration 2

    /// One row: a number that every change raises.
    private static let state = """
        CREATE TABLE catalog_state (version INTEGER NOT NULL) STRICT;
        INSERT INTO catalog_state VALUES (1);
        """

    /// The orders of lists, with what their most common conditions ask for, so that a place far down is counted off the
    /// index alone.
    private static let orders = """
        DROP INDEX neuron_by_score;
        DROP INDEX neuron_by_density;
        DROP INDEX neuron_by_max;
        CREATE INDEX neuron_by_score ON neuron(correlation_score DESC, id, tag_sources);
        CREATE INDEX neuron_by_density ON neuron(density DESC, id, tag_sources);
        CREATE INDEX neuron_by_max ON neuron(max_activation DESC, id, tag_sources);
        """

    /// Token texts of corpora that come without a tokenizer: imported contexts, labelled items. Where a corpus has rows
    /// here, the tokens of its documents are these ids and not a model's.
    private static let ownTexts = """
        CREATE TABLE corpus_token (
            corpus_id INTEGER NOT NULL REFERENCES corpus(id) ON DELETE CASCADE,
            id INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (corpus_id, id)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX corpus_token_by_text ON corpus_token(corpus_id, text);
        """

    /// A person's opinion of a neuron, from 1 (of no use) to 5.
    private static let ratings = """
        CREATE TABLE human_rating (
            neuron_id INTEGER PRIMARY KEY,
            stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5)
        ) STRICT;
        """

    /// Categories that a person added to the taxonomy; installing a taxonomy leaves them alone.
    private static let ownCategories = """
        ALTER TABLE category ADD COLUMN is_own INTEGER NOT NULL DEFAULT 0;
        """

    /// Where imported rows came from.
    private static let imports = """
        CREATE TABLE import_run (
            id INTEGER PRIMARY KEY,
            at REAL NOT NULL,
            format TEXT NOT NULL,
            path TEXT NOT NULL,
            -- Of the file, or of the names and sizes of a folder's files.
            sha256 TEXT,
            sae_id INTEGER REFERENCES sae(id) ON DELETE CASCADE,
            -- The report, as JSON.
            report TEXT NOT NULL
        ) STRICT;
        """

    /// Words on and around the tokens on which a neuron fires, in its contexts.
    private static let contextSearch = """
        CREATE VIRTUAL TABLE context_search USING fts5(
            text, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3', detail = full);
        """

    // MARK: Migration 3

    /// FTS5 merges what commits leave. Unasked it does so within a person's change, at times all of the index at once: a
    /// second for a million neurons. Now 64 changes are merged at a time, which are small, and many neurons by `Combine`.
    private static let searchMerges = """
        INSERT INTO neuron_search(neuron_search, rank) VALUES ('automerge', 0);
        INSERT INTO neuron_search(neuron_search, rank) VALUES ('crisismerge', 64);
        """

    /// A person's filters by name, as they are typed.
    private static let savedQueries = """
        CREATE TABLE saved_query (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            text TEXT NOT NULL
        ) STRICT;
        """

    // MARK: Migration 4

    /// What makes words of texts.
    static let tokenizer = "unicode61 remove_diacritics 2"

    /// Beginnings of three letters cost a sixth of filling the index and save little: one and two letters find so much that
    /// reading it all from words took half a second.
    private static func rebuilt(_ table: String, columns count: Int) -> String {
        let columns = count == 1 ? "text" : "explanation, note, tags"
        let stored = (0..<count).map { "c\($0)" }.joined(separator: ", ")
        return """
            CREATE VIRTUAL TABLE rebuilt_search USING fts5(\(columns), tokenize = "\(tokenizer)", prefix = '1 2');
            INSERT INTO rebuilt_search(rebuilt_search, rank) VALUES ('automerge', 0), ('crisismerge', 64), ('hashsize', 16777216);
            INSERT INTO rebuilt_search(rowid, \(columns)) SELECT id, \(stored) FROM \(table)_content;
            INSERT INTO rebuilt_search(rebuilt_search) VALUES ('optimize');
            INSERT INTO rebuilt_search(rebuilt_search, rank) VALUES ('hashsize', 1048576);
            DROP TABLE \(table);
            ALTER TABLE rebuilt_search RENAME TO \(table);
            """
    }
}
