import Foundation
import GRDB

/// The statements that put imported neurons into their tables, prepared once.
final class ImportRows {
    private let db: Database
    private let neuron: (new: Statement, old: Statement)
    private let evidence: (new: Statement, old: Statement)
    private let explanation: Statement
    private let findExplanation: Statement
    private let removeScores: Statement
    private let findNumbered: Statement
    private let removeExplanation: Statement
    private let score: Statement
    private let tag: Statement

    /// The blobs of one neuron; `nil` leaves what is there.
    struct Evidence {
        var histogram: Data?
        var contexts: Data?
        var top: Data?
        var bottom: Data?
        var similar: Data?
        var coactive: Data?

        var isEmpty: Bool { [histogram, contexts, top, bottom, similar, coactive].allSatisfy { $0 == nil } }
    }

    init(_ db: Database) throws {
        self.db = db
        neuron = try Self.upserts(
            db, into: "neuron", keys: ["id", "sae_id"], conflict: "id",
            columns: ["density", "fired_count", "max_activation", "q999", "mean_positive"])
        evidence = try Self.upserts(
            db, into: "neuron_evidence", keys: ["neuron_id"], conflict: "neuron_id",
            columns: ["histogram", "contexts", "top_logits", "bottom_logits", "similar", "coactive"])
        explanation = try db.makeStatement(
            sql: """
                INSERT INTO explanation(neuron_id, source, text, details) VALUES (?, ?, ?, ?)
                ON CONFLICT (neuron_id, source) DO UPDATE SET
                    text = coalesce(excluded.text, text), details = coalesce(excluded.details, details)
                """)
        findExplanation = try db.makeStatement(
            sql: "SELECT text FROM explanation WHERE neuron_id = ? AND source = ?")
        removeScores = try db.makeStatement(
            sql: "DELETE FROM explanation_score WHERE neuron_id = ? AND source = ?")
        // What begins with the source and a number sign, up to the character that follows it.
        findNumbered = try db.makeStatement(
            sql: "SELECT source FROM explanation WHERE neuron_id = ? AND source > ? || '#' AND source < ? || '$'")
        removeExplanation = try db.makeStatement(
            sql: "DELETE FROM explanation WHERE neuron_id = ? AND source = ?")
        score = try db.makeStatement(
            sql: """
                INSERT OR REPLACE INTO explanation_score(neuron_id, source, scorer, value, samples, low, high, details)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        tag = try db.makeStatement(
            sql: """
                INSERT OR REPLACE INTO derived_tag(neuron_id, category_id, source, score, effect, pairs)
                VALUES (?, ?, ?, ?, ?, ?)
                """)
    }

    /// A statement whose new values win, and one whose old ones do.
    private static func upserts(
        _ db: Database, into table: String, keys: [String], conflict: String, columns: [String]
    ) throws -> (new: Statement, old: Statement) {
        let all = (keys + columns).joined(separator: ", ")
        let marks = Array(repeating: "?", count: keys.count + columns.count).joined(separator: ", ")
        func statement(_ value: (String) -> String) throws -> Statement {
            let updates = columns.map { "\($0) = \(value($0))" }.joined(separator: ", ")
            return try db.makeStatement(
                sql: """
                    INSERT INTO \(table)(\(all)) VALUES (\(marks)) ON CONFLICT (\(conflict)) DO UPDATE SET \(updates)
                    """)
        }
        return (
            try statement { "coalesce(excluded.\($0), \($0))" }, try statement { "coalesce(\($0), excluded.\($0))" }
        )
    }

    func insert(_ statistics: NeuronStatistics, _ key: NeuronKey, keepingOld: Bool) throws {
        try (keepingOld ? neuron.old : neuron.new).execute(arguments: [
            key.rowID, key.sae, statistics.density, statistics.firedCount, statistics.maxActivation, statistics.q999,
            statistics.meanPositive,
        ])
    }

    func insert(_ blobs: Evidence, _ key: NeuronKey, keepingOld: Bool) throws {
        try (keepingOld ? evidence.old : evidence.new).execute(arguments: [
            key.rowID, blobs.histogram, blobs.contexts, blobs.top, blobs.bottom, blobs.similar, blobs.coactive,
        ])
    }

    /// What this import wrote over what may have been there.
    private struct Written: Hashable {
        let neuron: Int64
        let source: String
    }

    private var written: Set<Written> = []

    /// - Parameters:
    ///   - isRepeated: The same import brought something of this neuron before; another text of the same source then
    ///     gets a source of its own (`import#2`), so that nothing is lost.
    ///   - mayExist: There may be explanations of this source by an earlier import; these take their place.
    func insert(_ explanation: NeuronExplanation, _ key: NeuronKey, isRepeated: Bool, mayExist: Bool) throws {
        let text = StoredText.clean(explanation.text)
        let base = StoredText.clean(explanation.source)
        var source = base
        var number = 1
        if mayExist, !isRepeated, !explanation.scores.isEmpty {
            try removeScores.execute(arguments: [key.rowID, base])
        }
        if mayExist, text != nil, written.insert(Written(neuron: key.rowID, source: base)).inserted {
            try removeOutdated(base, key)
        } else {
            while isRepeated, let text, let row = try Row.fetchOne(findExplanation, arguments: [key.rowID, source]),
                let stored = row[0] as String?, stored != text
            {
                number += 1
                source = "\(base)#\(number)"
            }
        }
        try self.explanation.execute(
            arguments: [key.rowID, source, text, StoredText.clean(explanation.details)])
        for value in explanation.scores { try insert(value, source: source, key) }
    }

    /// Takes away what an earlier import stored under numbered names of a source.
    private func removeOutdated(_ source: String, _ key: NeuronKey) throws {
        for old in try String.fetchAll(findNumbered, arguments: [key.rowID, source, source])
        where !written.contains(Written(neuron: key.rowID, source: old)) {
            try removeExplanation.execute(arguments: [key.rowID, old])
            try removeScores.execute(arguments: [key.rowID, old])
        }
    }

    func insert(_ value: ExplanationScore, source: String, _ key: NeuronKey) throws {
        guard value.value.isFinite else { return }
        try score.execute(arguments: [
            key.rowID, source, StoredText.clean(value.scorer), value.value, value.samples, value.low, value.high,
            StoredText.clean(value.details),
        ])
    }

    func insert(_ value: ImportedTag, category: Int64, _ key: NeuronKey) throws {
        try tag.execute(arguments: [key.rowID, category, value.source.rawValue, value.score, value.effect, value.pairs])
    }
}
