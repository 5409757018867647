import Foundation
import GRDB
import TopsailCore

extension Catalog {
    /// Everything that is known about one neuron.
    ///
    /// A neuron that its SAE has but no machine has looked at yet is there with nothing known about it.
    ///
    /// - Throws: `unknownNeuron` when the SAE or the index does not exist; the error says which ones do.
    public func neuron(_ id: NeuronID) throws(CatalogError) -> NeuronDetail {
        try read { db in
            let directory = try SAEDirectory(db)
            return try DetailReader(db: db, directory: directory, path: path).read(directory.key(of: id))
        }
    }
}

/// Gathers what belongs to one neuron from its tables.
struct DetailReader {
    let db: Database
    let directory: SAEDirectory
    let path: String

    func read(_ key: NeuronKey) throws -> NeuronDetail {
        let evidence = try Row.fetchOne(
            db, sql: "SELECT * FROM neuron_evidence WHERE neuron_id = ?", arguments: [key.rowID])
        return NeuronDetail(
            row: try row(key), statistics: try statistics(key), explanations: try explanations(key),
            tags: try tags(key),
            contexts: try contexts(evidence, key),
            histogram: try unpack(evidence, "histogram", key, HistogramPacking.unpack),
            logitEffects: LogitEffects(
                top: try unpack(evidence, "top_logits", key, PairPacking.tokenEffects) ?? [],
                bottom: try unpack(evidence, "bottom_logits", key, PairPacking.tokenEffects) ?? []),
            similar: try related(evidence, "similar", key), coactive: try related(evidence, "coactive", key),
            note: try String.fetchOne(
                db, sql: "SELECT text FROM human_note WHERE neuron_id = ?", arguments: [key.rowID]),
            rating: try Int.fetchOne(
                db, sql: "SELECT stars FROM human_rating WHERE neuron_id = ?", arguments: [key.rowID]),
            lists: try lists(key), sae: directory[key.sae]!.record)
    }

    private func row(_ key: NeuronKey) throws -> NeuronRow {
        if let row = try NeuronRows(db: db, directory: directory).fetch([key]).first { return row }
        let sae = directory[key.sae]!.record
        return NeuronRow(
            id: directory.name(of: key), sae: sae.name, index: key.index, layer: sae.layer, explanation: nil,
            explanationSource: nil, correlationScore: nil, tags: [], isTaggedByHuman: false, density: nil, max: nil,
            q999: nil)
    }

    private func statistics(_ key: NeuronKey) throws -> NeuronStatistics {
        let sql = "SELECT density, fired_count, max_activation, q999, mean_positive FROM neuron WHERE id = ?"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [key.rowID]) else { return NeuronStatistics() }
        return NeuronStatistics(
            density: row[0], firedCount: row[1], maxActivation: row[2], q999: row[3], meanPositive: row[4])
    }

    private func explanations(_ key: NeuronKey) throws -> [NeuronExplanation] {
        let scoreRows = try Row.fetchAll(
            db,
            sql: """
                SELECT source, scorer, value, samples, low, high, details FROM explanation_score
                WHERE neuron_id = ? ORDER BY scorer
                """, arguments: [key.rowID])
        let scores = Dictionary(grouping: scoreRows) { $0["source"] as String }.mapValues { rows in
            rows.map { row in
                ExplanationScore(
                    scorer: row["scorer"], value: row["value"], samples: row["samples"], low: row["low"],
                    high: row["high"], details: row["details"])
            }
        }
        let texts = try Row.fetchAll(
            db, sql: "SELECT source, text, details FROM neuron_explanation WHERE neuron_id = ? ORDER BY source",
            arguments: [key.rowID])
        let explanations = texts.map { row in
            let source: String = row["source"]
            return NeuronExplanation(
                source: source, text: row["text"], details: row["details"], scores: scores[source] ?? [])
        }
        return explanations.sorted { Self.rank($0) > Self.rank($1) }
    }

    private static func rank(_ explanation: NeuronExplanation) -> (Int, Double) {
        let author =
            switch explanation.source {
            case NeuronExplanation.humanSource: 2
            case NeuronExplanation.readerSource: 1
            default: 0
            }
        return (author, explanation.correlationScore ?? -.infinity)
    }

    private func tags(_ key: NeuronKey) throws -> [NeuronTag] {
        let sql = """
            SELECT c.slug, c.label, h.stance, d.source, d.score, d.effect, d.pairs
            FROM category c
            LEFT JOIN human_tag h ON h.category_id = c.id AND h.neuron_id = :neuron
            LEFT JOIN derived_tag d ON d.category_id = c.id AND d.neuron_id = :neuron
            WHERE h.stance IS NOT NULL OR d.source IS NOT NULL
            ORDER BY c.position, d.source
            """
        let rows = try Row.fetchAll(db, sql: sql, arguments: ["neuron": key.rowID])
        var tags: [NeuronTag] = []
        for row in rows {
            let slug: String = row["slug"]
            let evidence = (row["source"] as String?).flatMap(TagSource.init).map { source in
                DerivedTag(slug: slug, source: source, score: row["score"], effect: row["effect"], pairs: row["pairs"])
            }
            let earlier = tags.last?.slug == slug ? tags.removeLast().evidence : []
            let stance: String? = row["stance"]
            tags.append(
                NeuronTag(
                    slug: slug, label: row["label"], isHuman: stance == "added", isRejected: stance == "removed",
                    evidence: earlier + (evidence.map { [$0] } ?? [])))
        }
        return tags
    }

    private func contexts(_ evidence: Row?, _ key: NeuronKey) throws -> [ActivatingContext] {
        guard let stored = try unpack(evidence, "contexts", key, ContextPacking.unpack) else { return [] }
        let request = SQLRequest<Row>(
            literal: """
                SELECT d.id, d.topic, d.tokens, d.corpus_id, c.name
                FROM corpus_document d JOIN corpus c ON c.id = d.corpus_id WHERE d.id IN \(stored.map(\.documentID))
                """)
        var documents: [DocumentID: Row] = [:]
        for row in try request.fetchAll(db) { documents[row["id"]] = row }
        return try stored.map { try context($0, of: documents[$0.documentID]) }
    }

    private func context(_ context: NeuronContext, of document: Row?) throws -> ActivatingContext {
        let range = context.start..<context.start + context.activations.count
        let peak = context.activations.indices.reduce(0) { best, position in
            abs(context.activations[position]) > abs(context.activations[best]) ? position : best
        }
        let tokens = document.flatMap { TokenPacking.unpack($0["tokens"], in: range) } ?? []
        let texts = try document.flatMap { try CorpusTexts.texts(of: tokens, corpus: $0["corpus_id"], db) }
        return ActivatingContext(
            documentID: context.documentID, corpus: document?["name"], topic: document?["topic"], start: context.start,
            tokens: tokens, texts: texts.map { texts in tokens.map { texts[$0] ?? "" } },
            activations: context.activations, band: context.band,
            max: context.activations.isEmpty ? 0 : context.activations[peak], maxPosition: peak)
    }

    private func related(_ evidence: Row?, _ column: String, _ key: NeuronKey) throws -> [RelatedNeuron] {
        guard let links = try unpack(evidence, column, key, PairPacking.links) else { return [] }
        let keys = links.map { NeuronKey(sae: key.sae, index: $0.index) }
        let rows = try NeuronRows(db: db, directory: directory).fetch(keys)
        let explanations = Dictionary(rows.map { ($0.index, $0.explanation) }) { first, _ in first }
        return zip(links, keys).map { link, key in
            RelatedNeuron(
                id: directory.name(of: key), index: link.index, value: link.value,
                explanation: explanations[link.index] ?? nil)
        }
    }

    private func lists(_ key: NeuronKey) throws -> [String] {
        let sql = """
            SELECT name FROM list JOIN list_member ON list_member.list_id = list.id
            WHERE list_member.neuron_id = ? ORDER BY name
            """
        return try String.fetchAll(db, sql: sql, arguments: [key.rowID])
    }

    private func unpack<T>(_ row: Row?, _ column: String, _ key: NeuronKey, _ unpack: (Data) -> T?) throws -> T? {
        guard let blob = row?[column] as Data? else { return nil }
        if let value = unpack(blob) { return value }
        throw CatalogError(.damaged(path: path, what: "\(column) of neuron \(directory.name(of: key))"))
    }
}
