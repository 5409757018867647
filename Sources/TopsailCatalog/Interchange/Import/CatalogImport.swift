import Foundation
import GRDB
import TopsailCore

/// Takes neurons from a reader and puts them into the catalog, inside the transaction of `Catalog.importNeurons`. It is of
/// no use outside of that call.
///
/// Neurons may come in any order and more than once: what comes later adds to what came before.
public final class CatalogImport {
    private let db: Database
    let options: ImportOptions
    private let saes: ImportedSAEs
    private let rows: ImportRows
    private let categories: ImportedCategories
    private let contexts: ImportedContexts
    private let people: ImportedPeople
    private var report = ImportReport()
    /// Row ids of the neurons so far.
    private var seen: Set<Int64> = []
    private var calls = 0
    private var indexes = IndexesAside()
    private let neuronsBefore: Int
    private var startPeaks = 0
    private let progress: (Int) throws -> Void

    init(_ db: Database, path: String, options: ImportOptions, progress: @escaping (Int) throws -> Void) throws {
        self.db = db
        self.options = options
        self.progress = progress
        saes = try ImportedSAEs(db, options)
        rows = try ImportRows(db)
        categories = try ImportedCategories(db)
        contexts = try ImportedContexts(db, options)
        people = try ImportedPeople(db)
        neuronsBefore = try Int.fetchOne(db, sql: "SELECT sum(neuron_count) FROM sae") ?? 0
    }

    // MARK: What readers call

    /// What is known of the SAEs of a format that names layers only.
    public var layers: LayerDefaults {
        get { saes.layers }
        set { saes.layers = newValue }
    }

    /// Notes that something of the file was not taken.
    ///
    /// - Parameter why: The same words for the same reason: those are counted, not repeated.
    public func skip(_ place: @autoclosure () -> String, _ why: String) { report.skip(place(), why) }

    /// Counts contexts whose largest activation is on a token that begins a text.
    func countStartPeaks(_ count: Int) { startPeaks += count }

    /// Takes what the file holds beside neurons.
    public func declare(_ declaration: ImportedDeclaration, at place: @autoclosure () -> String) throws {
        switch declaration {
        case .sae(let record): try saes.declare(record)
        case .list(let name, let description): try people.declareList(name, description)
        case .category(let slug, let parent, let label, let description, let isOwn):
            guard isOwn else {
                return try categories.declare(slug, parent: parent, label: label, description: description)
            }
            guard categories.id(of: slug) == nil else { return }
            try people.declareCategory(
                OwnCategory(
                    slug: StoredText.clean(slug), label: StoredText.clean(label), parent: parent,
                    description: StoredText.clean(description)))
            try categories.learn(slug)
        case .document(let corpus, let document):
            if let problem = try contexts.declare(document, corpus: corpus) { skip(place(), problem) }
        }
    }

    /// Whether contexts can point into a document of that number, in a model's tokens.
    func hasDocument(_ number: Int, in corpus: String) -> Bool { contexts.hasDocument(number, in: corpus) }

    /// Takes one neuron, or a part of what is known of it.
    ///
    /// - Parameter place: Where in the file it stands, for the report.
    public func add(_ neuron: ImportedNeuron, at place: @autoclosure () -> String) throws {
        calls += 1
        if calls & 0x3FF == 0 {
            try progress(seen.count)
            if !indexes.areAside, IndexesAside.isWorthwhile(written: seen.count, total: max(neuronsBefore, seen.count))
            {
                try indexes.setAside(db)
            }
        }
        let sae = try saes.target(of: neuron.sae)
        guard neuron.index >= 0, sae.take(index: neuron.index) else {
            return skip(place(), "\(sae.name) has the neurons 0 … \(sae.width - 1) only")
        }
        let key = NeuronKey(sae: sae.id, index: neuron.index)
        let isRepeated = !seen.insert(key.rowID).inserted
        if isRepeated == false { report.neurons += 1 }
        try rows.insert(neuron.statistics, key, keepingOld: sae.keepsMeasured)
        try addEvidence(of: neuron, key, sae, place)
        for explanation in neuron.explanations {
            report.explanations += 1
            try rows.insert(explanation, key, isRepeated: isRepeated, mayExist: sae.hadNeurons)
        }
        for tag in neuron.tags { try add(tag, key, place) }
        if let person = neuron.person {
            for problem in try people.add(person, to: key, categories) { skip(place(), problem) }
        }
    }

    // MARK: Parts

    private func addEvidence(
        of neuron: ImportedNeuron, _ key: NeuronKey, _ sae: ImportedSAEs.Target, _ place: () -> String
    ) throws {
        var evidence = ImportRows.Evidence()
        evidence.histogram = neuron.histogram.flatMap(HistogramPacking.pack)
        if neuron.histogram != nil, evidence.histogram == nil { skip(place(), "a histogram makes no sense") }
        evidence.top = try packed(neuron.logitEffects?.top, place)
        evidence.bottom = try packed(neuron.logitEffects?.bottom, place)
        evidence.similar = neuron.similar.flatMap { $0.isEmpty ? nil : PairPacking.pack($0) }
        evidence.coactive = neuron.coactive.flatMap { $0.isEmpty ? nil : PairPacking.pack($0) }
        if let new = neuron.contexts {
            let stored = try contexts.store(new, sae: sae.name, key) { skip(place(), $0) }
            if let stored {
                report.contexts += stored.taken
                try contexts.storeWords(
                    new, key, keepingOld: sae.keepsMeasured, adding: stored.contexts.count > stored.taken)
                evidence.contexts = ContextPacking.pack(stored.contexts)
            }
        }
        guard !evidence.isEmpty else { return }
        // Contexts of this very import may be replaced by more of them, whoever measured first.
        try rows.insert(evidence, key, keepingOld: sae.keepsMeasured)
    }

    private func packed(_ effects: [TokenEffect]?, _ place: () -> String) throws -> Data? {
        guard let effects, !effects.isEmpty else { return nil }
        if let blob = PairPacking.pack(effects) { return blob }
        skip(place(), "logit effects hold a number that is not finite")
        return nil
    }

    private func add(_ tag: ImportedTag, _ key: NeuronKey, _ place: () -> String) throws {
        guard let category = categories.id(of: tag.name) else {
            return skip(place(), "the taxonomy has no category “\(tag.name)”")
        }
        guard tag.source != .human, (tag.score ?? 0).isFinite, (tag.effect ?? 0).isFinite else {
            return skip(place(), "the evidence of the tag “\(tag.name)” makes no sense")
        }
        report.tags += 1
        try rows.insert(tag, category: category, key)
    }

    // MARK: The end

    /// Brings derived values up to date and writes down where everything came from.
    func finish(_ provenance: ImportProvenance) throws -> ImportReport {
        people.finish()
        try saes.finish()
        if startPeaks > 0 {
            let what = "\(startPeaks) contexts have their largest activation on a token that begins a text"
            report.notes.append(options.ignoresStartTokens ? what + "; it was set to 0" : what)
        }
        try Combine.run(db, saes.touched)
        try indexes.putBack(db)
        try record(provenance)
        return report
    }

    /// A run like an earlier one leaves no second record.
    private func record(_ provenance: ImportProvenance) throws {
        let ids = saes.touched.map { NeuronKey(rowID: $0.lowerBound).sae }
        let values: StatementArguments = [
            provenance.format, StoredText.clean(provenance.path), provenance.sha256, ids.count == 1 ? ids[0] : nil,
            report.json,
        ]
        let sql = """
            SELECT 1 FROM import_run WHERE format = ? AND path = ? AND sha256 IS ? AND sae_id IS ? AND report = ?
            """
        guard try Bool.fetchOne(db, sql: sql, arguments: values) == nil else { return }
        try db.execute(
            sql: "INSERT INTO import_run(at, format, path, sha256, sae_id, report) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [Date().timeIntervalSince1970] + values)
    }
}
