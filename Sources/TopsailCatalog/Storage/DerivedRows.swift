import Foundation
import GRDB

/// The rows of one SAE's derived data: checks values and puts them into their tables.
final class DerivedRows {
    private let db: Database
    private let sae: SAEDirectory.Entry
    /// Named in errors.
    private let path: String
    /// Lengths of the documents that contexts have pointed into so far.
    private var documentLengths: [DocumentID: Int] = [:]
    private var categoryIDs: [String: Int64] = [:]

    init(_ db: Database, sae: SAEDirectory.Entry, path: String) throws {
        self.db = db
        self.sae = sae
        self.path = path
        for row in try Row.fetchAll(db, sql: "SELECT slug, id FROM category") { categoryIDs[row["slug"]] = row["id"] }
    }

    /// The row id of a neuron, if the SAE has it.
    func key(_ index: Int) throws(CatalogError) -> NeuronKey {
        guard index >= 0, index < sae.record.dSAE else {
            throw CatalogError(
                .invalid(what: "neuron \(index)", problem: "\(sae.record.name) has 0 … \(sae.record.dSAE - 1)"))
        }
        return NeuronKey(sae: sae.id, index: index)
    }

    func insertStatistics(_ statistics: NeuronStatistics, _ key: NeuronKey) throws(CatalogError) {
        let figures = [statistics.maxActivation, statistics.q999, statistics.meanPositive].compactMap { $0 }
        guard figures.allSatisfy(\.isFinite), (statistics.density ?? 0).isFinite else {
            throw invalid("statistics", key, "a figure is not finite")
        }
        try execute(
            """
            INSERT INTO neuron(id, sae_id, density, fired_count, max_activation, q999, mean_positive)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET
                density = excluded.density, fired_count = excluded.fired_count,
                max_activation = excluded.max_activation, q999 = excluded.q999, mean_positive = excluded.mean_positive
            """,
            [
                key.rowID, key.sae, statistics.density, statistics.firedCount, statistics.maxActivation,
                statistics.q999, statistics.meanPositive,
            ])
    }

    func insertEvidence(of neuron: DerivedNeuron, _ key: NeuronKey) throws(CatalogError) {
        try check(neuron.contexts, key)
        let histogram: Data? =
            if let histogram = neuron.histogram {
                try packed(HistogramPacking.pack(histogram), "histogram", key)
            } else { nil }
        try execute(
            """
            INSERT OR REPLACE INTO neuron_evidence(
                neuron_id, histogram, contexts, top_logits, bottom_logits, similar, coactive)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                key.rowID, histogram,
                neuron.contexts.isEmpty ? nil : try packed(ContextPacking.pack(neuron.contexts), "contexts", key),
                try packed(PairPacking.pack(neuron.logitEffects.top), "logit effects", key),
                try packed(PairPacking.pack(neuron.logitEffects.bottom), "logit effects", key),
                try packed(PairPacking.pack(neuron.similar), "similar neurons", key),
                try packed(PairPacking.pack(neuron.coactive), "co-active neurons", key),
            ])
        let own = neuron.contextWords == nil ? try ownWords(of: neuron.contexts) : nil
        try setContextWords(neuron.contextWords ?? own, key)
    }

    /// What search in contexts finds of a neuron.
    func setContextWords(_ text: String?, _ key: NeuronKey) throws(CatalogError) {
        try execute("DELETE FROM context_search WHERE rowid = ?", [key.rowID])
        guard let text else { return }
        try execute("INSERT INTO context_search(rowid, text) VALUES (?, ?)", [key.rowID, StoredText.clean(text)])
    }

    /// The words of contexts whose corpus brings its own texts.
    private func ownWords(of contexts: [NeuronContext]) throws(CatalogError) -> String? {
        try wrapping { () throws -> String? in
            var words = ContextWords()
            for context in contexts {
                let sql = "SELECT tokens, corpus_id FROM corpus_document WHERE id = ?"
                let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [context.documentID])
                let range = context.start..<context.start + context.activations.count
                guard let row, try CorpusTexts.hasTexts(corpus: row["corpus_id"], db),
                    let tokens = TokenPacking.unpack(row["tokens"], in: range),
                    let texts = try CorpusTexts.texts(of: tokens, corpus: row["corpus_id"], db)
                else { continue }
                words.add(tokens: tokens.map { texts[$0] ?? "" }, activations: context.activations)
            }
            return words.text
        }
    }

    func insert(_ explanation: NeuronExplanation, _ key: NeuronKey) throws(CatalogError) {
        guard explanation.source != NeuronExplanation.humanSource, !explanation.source.isEmpty else {
            throw invalid("explanation", key, "a derived one needs a source other than “human”")
        }
        try execute(
            "INSERT OR REPLACE INTO explanation(neuron_id, source, text, details) VALUES (?, ?, ?, ?)",
            [
                key.rowID, explanation.source, StoredText.clean(explanation.text),
                StoredText.clean(explanation.details),
            ])
        try execute(
            "DELETE FROM explanation_score WHERE neuron_id = ? AND source = ?", [key.rowID, explanation.source])
        for score in explanation.scores { try insert(score, source: explanation.source, key) }
    }

    func insert(_ score: ExplanationScore, source: String, _ key: NeuronKey) throws(CatalogError) {
        guard score.value.isFinite, (score.low ?? 0).isFinite, (score.high ?? 0).isFinite else {
            throw invalid("score", key, "it is not finite")
        }
        try execute(
            """
            INSERT OR REPLACE INTO explanation_score(neuron_id, source, scorer, value, samples, low, high, details)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                key.rowID, source, score.scorer, score.value, score.samples, score.low, score.high,
                StoredText.clean(score.details),
            ])
    }

    func insert(_ tag: DerivedTag, _ key: NeuronKey) throws(CatalogError) {
        guard tag.source != .human else { throw invalid("tag", key, "a derived one cannot be a person's") }
        guard (tag.score ?? 0).isFinite, (tag.effect ?? 0).isFinite else {
            throw invalid("tag", key, "a figure is not finite")
        }
        guard let category = categoryIDs[tag.slug] else { throw CatalogError(.unknownCategory(tag.slug, nearest: [])) }
        try execute(
            """
            INSERT OR REPLACE INTO derived_tag(neuron_id, category_id, source, score, effect, pairs)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [key.rowID, category, tag.source.rawValue, tag.score, tag.effect, tag.pairs])
    }

    func addTexts(_ documents: [TextDocument], toCorpus corpus: String) throws -> [DocumentID] {
        let texts = try CorpusTexts(db, corpus: StoredText.clean(corpus))
        return try documents.map { try texts.add($0) }
    }

    func ensureRow(_ key: NeuronKey) throws(CatalogError) {
        try execute("INSERT OR IGNORE INTO neuron(id, sae_id) VALUES (?, ?)", [key.rowID, key.sae])
    }

    /// Sets one blob of a neuron's evidence.
    func setEvidence(_ column: String, _ blob: Data?, _ key: NeuronKey) throws(CatalogError) {
        let blob = try packed(blob, column, key)
        try ensureRow(key)
        try execute(
            """
            INSERT INTO neuron_evidence(neuron_id, \(column)) VALUES (?, ?)
            ON CONFLICT (neuron_id) DO UPDATE SET \(column) = excluded.\(column)
            """, [key.rowID, blob])
    }

    // MARK: Checks

    /// Contexts must lie within stored documents, so that every one can be shown.
    private func check(_ contexts: [NeuronContext], _ key: NeuronKey) throws(CatalogError) {
        for context in contexts {
            guard !context.activations.isEmpty, context.activations.count <= ContextPacking.maxLength else {
                throw invalid("context", key, "it has \(context.activations.count) tokens")
            }
            let length = try length(of: context.documentID)
            guard let length, context.start >= 0, context.start <= length - context.activations.count else {
                let found = length.map { "which has \($0) tokens" } ?? "which is not stored"
                let wanted = "\(context.activations.count) tokens from \(context.start)"
                throw invalid("context", key, "it is \(wanted) of document \(context.documentID), \(found)")
            }
        }
    }

    private func length(of document: DocumentID) throws(CatalogError) -> Int? {
        if let length = documentLengths[document] { return length }
        let sql = "SELECT length(tokens), substr(tokens, 1, 1) FROM corpus_document WHERE id = ?"
        let row = try wrapping { try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [document]) }
        guard let row, let width = (row[1] as Data?)?.first else { return nil }
        let length = TokenPacking.count(byteCount: row[0], width: Int(width))
        documentLengths[document] = length
        return length
    }

    private func packed(_ blob: Data?, _ what: String, _ key: NeuronKey) throws(CatalogError) -> Data {
        guard let blob else { throw invalid(what, key, "a figure is not finite or a number negative") }
        return blob
    }

    private func invalid(_ what: String, _ key: NeuronKey, _ problem: String) -> CatalogError {
        CatalogError(.invalid(what: "\(what) of neuron \(sae.record.name)/\(key.index)", problem: problem))
    }

    // MARK: Statements

    /// Runs a deletion whose arguments are a source and the SAE's range of row ids.
    func remove(_ sql: String, _ source: String) throws(CatalogError) {
        let range = NeuronKey.range(ofSAE: sae.id)
        try execute(sql, [source, range.lowerBound, range.upperBound])
    }

    private func execute(_ sql: String, _ arguments: StatementArguments) throws(CatalogError) {
        try wrapping { try db.cachedStatement(sql: sql).execute(arguments: arguments) }
    }

    private func wrapping<T>(_ body: () throws -> T) throws(CatalogError) -> T {
        do { return try body() } catch { throw CatalogError(wrapping: error, path: path) }
    }
}
