import Foundation
import GRDB
import TopsailCore

/// Stores the texts of imported contexts, and finds the documents that a file brought itself.
final class ImportedContexts {
    private let db: Database
    private let options: ImportOptions
    private var corpora: [String: CorpusTexts] = [:]
    /// Documents in a model's tokens that the file brought: where they are stored, and their length.
    private var documents: [DocumentName: (id: DocumentID, length: Int)] = [:]
    /// Neurons that this import gave contexts already.
    private var served: Set<Int64> = []

    private struct DocumentName: Hashable {
        let corpus: String
        let number: Int
    }

    init(_ db: Database, _ options: ImportOptions) throws {
        self.db = db
        self.options = options
    }

    /// Stores a document of the file.
    ///
    /// - Returns: Why it could not be, if so; its contexts are then stored as texts.
    func declare(_ document: CorpusDocument, corpus: String) throws -> String? {
        let name = DocumentName(corpus: corpus, number: document.number)
        guard let packed = TokenPacking.pack(document.tokens) else { return "a document has negative tokens" }
        let corpusID = try Int64.fetchOne(
            db, sql: "INSERT INTO corpus(name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = name RETURNING id",
            arguments: [StoredText.clean(corpus)])!
        let hasTexts = "SELECT 1 FROM corpus_token WHERE corpus_id = ? LIMIT 1"
        if try Bool.fetchOne(db, sql: hasTexts, arguments: [corpusID]) != nil {
            return "the catalog's corpus “\(corpus)” is not in a model's tokens"
        }
        let find = try db.cachedStatement(
            sql: "SELECT id, tokens FROM corpus_document WHERE corpus_id = ? AND number = ?")
        if let row = try Row.fetchOne(find, arguments: [corpusID, document.number]) {
            guard row["tokens"] == packed else {
                return "the catalog has another document of that number in the corpus “\(corpus)”"
            }
            documents[name] = (row["id"], document.tokens.count)
            return nil
        }
        try db.cachedStatement(
            sql: "INSERT INTO corpus_document(corpus_id, number, topic, tokens) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [corpusID, document.number, StoredText.clean(document.topic), packed])
        documents[name] = (db.lastInsertedRowID, document.tokens.count)
        return nil
    }

    func hasDocument(_ number: Int, in corpus: String) -> Bool {
        documents[DocumentName(corpus: corpus, number: number)] != nil
    }

    /// Stores the contexts of a neuron; those that the same import brought before stay.
    ///
    /// - Parameter skip: Told why a context was left out.
    /// - Returns: All contexts that the neuron should have, and how many of them are new; `nil` when there are none.
    func store(
        _ contexts: [ImportedContext], sae: String, _ key: NeuronKey, _ skip: (String) -> Void
    ) throws -> (contexts: [NeuronContext], taken: Int)? {
        var stored: [NeuronContext] = []
        for context in contexts {
            if let problem = Self.problem(of: context) {
                skip(problem)
            } else {
                stored.append(try store(context, sae: sae))
            }
        }
        guard !stored.isEmpty else { return nil }
        let taken = stored.count
        if !served.insert(key.rowID).inserted { stored = try merged(stored, key) }
        return (stored, taken)
    }

    private static func problem(of context: ImportedContext) -> String? {
        if context.tokens.count != context.activations.count {
            return "a context has not as many activations as tokens"
        }
        if context.tokens.isEmpty { return "a context is empty" }
        if context.tokens.count > ContextPacking.maxLength {
            return "a context has more than \(ContextPacking.maxLength) tokens"
        }
        if !context.activations.allSatisfy(\.isFinite) { return "a context has an activation that is no finite number" }
        return context.band < 0 || context.start < 0 ? "a context has a negative position" : nil
    }

    private func store(_ context: ImportedContext, sae: String) throws -> NeuronContext {
        if let corpus = context.corpus, let number = context.document,
            let document = documents[DocumentName(corpus: corpus, number: number)],
            context.start <= document.length - context.tokens.count
        {
            return NeuronContext(
                documentID: document.id, start: context.start, activations: context.activations, band: context.band)
        }
        let texts = try corpus(context.corpus ?? "contexts of \(sae)")
        let id = try texts.add(TextDocument(topic: context.topic, tokens: context.tokens))
        return NeuronContext(documentID: id, start: 0, activations: context.activations, band: context.band)
    }

    /// Stores the words that a search in contexts finds.
    ///
    /// - Parameters:
    ///   - keepingOld: Leaves what is there.
    ///   - adding: Adds to what is there.
    func storeWords(_ contexts: [ImportedContext], _ key: NeuronKey, keepingOld: Bool, adding: Bool) throws {
        let find = try db.cachedStatement(sql: "SELECT text FROM context_search WHERE rowid = ?")
        let old = try Row.fetchOne(find, arguments: [key.rowID])?[0] as String?
        if keepingOld, old != nil { return }
        var words = ContextWords()
        for context in contexts where Self.problem(of: context) == nil {
            words.add(tokens: context.tokens, activations: context.activations)
        }
        let new = [adding ? old : nil, words.text].compactMap { $0 }.joined(separator: "\n")
        guard new != old ?? "" else { return }
        try db.cachedStatement(sql: "DELETE FROM context_search WHERE rowid = ?").execute(arguments: [key.rowID])
        try db.cachedStatement(sql: "INSERT INTO context_search(rowid, text) VALUES (?, ?)")
            .execute(arguments: [key.rowID, StoredText.clean(new)])
    }

    private func corpus(_ name: String) throws -> CorpusTexts {
        if let texts = corpora[name] { return texts }
        let texts: CorpusTexts
        do {
            texts = try CorpusTexts(db, corpus: StoredText.clean(name))
        } catch let error as CatalogError {
            // The corpus of that name is in a model's tokens, which texts cannot be put beside.
            guard case .invalid = error.reason else { throw error }
            texts = try CorpusTexts(db, corpus: StoredText.clean(name) + " (imported)")
        }
        corpora[name] = texts
        return texts
    }

    /// New contexts together with those that are stored, within the limits.
    private func merged(_ new: [NeuronContext], _ key: NeuronKey) throws -> [NeuronContext] {
        let find = try db.cachedStatement(sql: "SELECT contexts FROM neuron_evidence WHERE neuron_id = ?")
        let old = try Row.fetchOne(find, arguments: [key.rowID]).flatMap { row in
            (row[0] as Data?).flatMap(ContextPacking.unpack)
        }
        var places: Set<[Int64]> = []
        var taken: [Int: Int] = [:]
        func strength(_ context: NeuronContext) -> Float { context.activations.reduce(0) { max($0, abs($1)) } }
        return ((old ?? []) + new).enumerated()
            .sorted {
                ($0.element.band, -strength($0.element), $0.offset) < (
                    $1.element.band, -strength($1.element), $1.offset
                )
            }
            .map(\.element)
            .filter { context in
                guard places.insert([context.documentID, Int64(context.start), Int64(context.band)]).inserted else {
                    return false
                }
                taken[context.band, default: 0] += 1
                return taken[context.band]! <= (context.band == 0 ? options.contexts : options.contextsPerBand)
            }
    }
}
