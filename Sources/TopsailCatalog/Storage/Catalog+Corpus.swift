import Foundation
import GRDB

extension Catalog {
    /// Stores documents of a corpus, in one transaction. A document that is there already (same corpus, same number) is
    /// replaced and keeps its id.
    ///
    /// - Returns: The ids that contexts use, in the order of `documents`.
    @discardableResult
    public func addDocuments(
        _ documents: [CorpusDocument], toCorpus corpus: String
    ) throws(CatalogError) -> [DocumentID] {
        try write { db in
            let insertCorpus =
                "INSERT INTO corpus(name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = name RETURNING id"
            let corpusID = try Int64.fetchOne(db, sql: insertCorpus, arguments: [StoredText.clean(corpus)])!
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO corpus_document(corpus_id, number, topic, tokens) VALUES (?, ?, ?, ?)
                    ON CONFLICT (corpus_id, number) DO UPDATE SET topic = excluded.topic, tokens = excluded.tokens
                    RETURNING id
                    """)
            return try documents.map { document in
                guard let tokens = TokenPacking.pack(document.tokens) else {
                    throw CatalogError(
                        .invalid(what: "document \(document.number)", problem: "it has a negative token"))
                }
                let topic = StoredText.clean(document.topic)
                return try DocumentID.fetchOne(statement, arguments: [corpusID, document.number, topic, tokens])!
            }
        }
    }

    /// One document with its tokens; `nil` when there is none of that id.
    public func document(_ id: DocumentID) throws(CatalogError) -> CorpusDocument? {
        try read { db in
            let sql = "SELECT number, topic, tokens FROM corpus_document WHERE id = ?"
            guard let row = try Row.fetchOne(db, sql: sql, arguments: [id]) else { return nil }
            guard let tokens = TokenPacking.unpack(row["tokens"]) else {
                throw CatalogError(.damaged(path: path, what: "the tokens of document \(id)"))
            }
            return CorpusDocument(number: row["number"], topic: row["topic"], tokens: tokens)
        }
    }

    /// Names of the stored corpora with their number of documents.
    public func corpora() throws(CatalogError) -> [(name: String, documents: Int)] {
        try read { db in
            let sql = """
                SELECT name, (SELECT count(*) FROM corpus_document d WHERE d.corpus_id = corpus.id) AS documents
                FROM corpus ORDER BY name
                """
            return try Row.fetchAll(db, sql: sql).map { ($0["name"], $0["documents"]) }
        }
    }
}
