import Foundation
import GRDB
import TopsailCore

extension MergedRows {
    /// Takes the other catalog's documents and remembers which of ours is which of theirs.
    ///
    /// A corpus of the same name whose documents are others gets a number behind its name: `stories (2)`.
    mutating func mergeCorpora() throws {
        _ = try execute("CREATE TABLE MAP_document(theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL)")
        for row in try rows("SELECT id, name FROM PART.corpus ORDER BY id") {
            let (id, name): (Int64, String) = (row[0], row[1])
            let bringsTexts = try exists("SELECT 1 FROM PART.corpus_token WHERE corpus_id = ?", [id])
            let ours = try nameHere(of: name, id: id, bringsTexts: bringsTexts)
            if ours != name { corpusNames[name] = ours }
            if bringsTexts { try mergeTexts(of: id, into: ours) } else { try mergeDocuments(of: id, into: ours) }
        }
    }

    private func exists(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
        try !rows(sql + " LIMIT 1", arguments).isEmpty
    }

    /// The first of `name`, `name (2)`, `name (3)` … under which nothing else is stored.
    private func nameHere(of name: String, id: Int64, bringsTexts: Bool) throws -> String {
        var number = 1
        while true {
            let candidate = number == 1 ? name : "\(name) (\(number))"
            let find = "SELECT id FROM main.corpus WHERE name = ?"
            guard let ours = try Int64.fetchOne(db, sql: find, arguments: [candidate]) else { return candidate }
            let isEmpty = try !exists("SELECT 1 FROM main.corpus_document WHERE corpus_id = ?", [ours])
            let hasTexts = try exists("SELECT 1 FROM main.corpus_token WHERE corpus_id = ?", [ours])
            let differs = """
                SELECT 1 FROM PART.corpus_document t JOIN main.corpus_document o ON o.number = t.number
                WHERE t.corpus_id = ? AND o.corpus_id = ? AND o.tokens <> t.tokens
                """
            // Texts find their equals whatever their numbers.
            if isEmpty || (bringsTexts && hasTexts) { return candidate }
            if bringsTexts == hasTexts, try !exists(differs, [id, ours]) { return candidate }
            number += 1
        }
    }

    private mutating func mergeDocuments(of theirs: Int64, into name: String) throws {
        _ = try execute("INSERT OR IGNORE INTO main.corpus(name) VALUES (?)", [name])
        part.documents += try execute(
            """
            INSERT OR IGNORE INTO main.corpus_document(corpus_id, number, topic, tokens)
            SELECT (SELECT id FROM main.corpus WHERE name = ?), number, topic, tokens
            FROM PART.corpus_document WHERE corpus_id = ? ORDER BY id
            """, [name, theirs])
        _ = try execute(
            """
            INSERT INTO MAP_document(theirs, ours)
            SELECT t.id, o.id FROM PART.corpus_document t JOIN main.corpus_document o
                ON o.corpus_id = (SELECT id FROM main.corpus WHERE name = ?) AND o.number = t.number
            WHERE t.corpus_id = ?
            """, [name, theirs])
    }

    private mutating func mergeTexts(of theirs: Int64, into name: String) throws {
        var words: [TokenID: String] = [:]
        for row in try rows("SELECT id, text FROM PART.corpus_token WHERE corpus_id = \(theirs)") {
            words[row[0]] = row[1]
        }
        let texts = try CorpusTexts(db, corpus: name)
        let documents = "SELECT id, topic, tokens FROM PART.corpus_document WHERE corpus_id = ? ORDER BY id"
        let count = "SELECT count(*) FROM main.corpus_document"
        let before = try Int.fetchOne(db, sql: count) ?? 0
        for row in try rows(documents, [theirs]) {
            guard let tokens = TokenPacking.unpack(row["tokens"]) else {
                throw CatalogError(.damaged(path: part.path, what: "the tokens of document \(row["id"] as Int64)"))
            }
            let ours = try texts.add(TextDocument(topic: row["topic"], tokens: tokens.map { words[$0] ?? "" }))
            _ = try execute("INSERT INTO MAP_document(theirs, ours) VALUES (?, ?)", [row["id"] as Int64, ours])
        }
        part.documents += (try Int.fetchOne(db, sql: count) ?? 0) - before
    }
}
