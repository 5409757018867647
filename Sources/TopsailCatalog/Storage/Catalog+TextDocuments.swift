import GRDB
import TopsailCore

extension Catalog {
    /// Stores texts of a corpus that has no tokenizer, in one transaction. A text that is there already is not stored
    /// again.
    ///
    /// - Returns: The ids that contexts use, in the order of `documents`.
    /// - Throws: `invalid` when the corpus holds documents in a model's tokens.
    @discardableResult
    public func addTexts(_ documents: [TextDocument], toCorpus corpus: String) throws(CatalogError) -> [DocumentID] {
        try write { db in
            let texts = try CorpusTexts(db, corpus: StoredText.clean(corpus))
            return try documents.map { try texts.add($0) }
        }
    }
}

/// Documents of one corpus that is made of texts: each different token text has a number within the corpus, so that a
/// token takes two bytes, whatever it says.
final class CorpusTexts {
    private let db: Database
    private let corpus: Int64
    private var ids: [String: TokenID] = [:]
    private var nextID: TokenID

    init(_ db: Database, corpus name: String) throws {
        self.db = db
        let insert = "INSERT INTO corpus(name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = name RETURNING id"
        corpus = try Int64.fetchOne(db, sql: insert, arguments: [name])!
        let last = "SELECT max(id) FROM corpus_token WHERE corpus_id = ?"
        let highest = try TokenID.fetchOne(db, sql: last, arguments: [corpus])
        let holds = "SELECT 1 FROM corpus_document WHERE corpus_id = ? LIMIT 1"
        if highest == nil, try Bool.fetchOne(db, sql: holds, arguments: [corpus]) != nil {
            let problem = "its documents are in a model's tokens; take another name"
            throw CatalogError(.invalid(what: "texts of corpus \(name)", problem: problem))
        }
        nextID = (highest ?? -1) + 1
    }

    /// The document's id; the same for equal tokens on an equal topic.
    func add(_ document: TextDocument) throws -> DocumentID {
        let tokens = try document.tokens.map { try id(of: StoredText.clean($0)) }
        guard let packed = TokenPacking.pack(tokens) else {
            throw CatalogError(.invalid(what: "a text", problem: "the corpus has too many different tokens"))
        }
        let topic = StoredText.clean(document.topic)
        // The number is a hash of both, so that equal texts meet; different ones move on to the next number.
        var number = Self.hash(tokens, topic)
        let find = try db.cachedStatement(
            sql: "SELECT id, topic, tokens FROM corpus_document WHERE corpus_id = ? AND number = ?")
        while let row = try Row.fetchOne(find, arguments: [corpus, number]) {
            if row["tokens"] == packed, row["topic"] == topic { return row["id"] }
            number = number == Int64.max ? 0 : number + 1
        }
        try db.cachedStatement(
            sql: "INSERT INTO corpus_document(corpus_id, number, topic, tokens) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [corpus, number, topic, packed])
        return db.lastInsertedRowID
    }

    private func id(of text: String) throws -> TokenID {
        if let id = ids[text] { return id }
        let find = try db.cachedStatement(sql: "SELECT id FROM corpus_token WHERE corpus_id = ? AND text = ?")
        if let id = try TokenID.fetchOne(find, arguments: [corpus, text]) {
            ids[text] = id
            return id
        }
        guard nextID < .max else {
            throw CatalogError(.invalid(what: "a text", problem: "the corpus has too many different tokens"))
        }
        try db.cachedStatement(sql: "INSERT INTO corpus_token(corpus_id, id, text) VALUES (?, ?, ?)")
            .execute(arguments: [corpus, nextID, text])
        ids[text] = nextID
        nextID += 1
        return nextID - 1
    }

    /// FNV-1a over the ids and the topic, 63 bits (http://www.isthe.com/chongo/tech/comp/fnv/).
    private static func hash(_ tokens: [TokenID], _ topic: String?) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for token in tokens {
            for shift in stride(from: 0, to: 32, by: 8) {
                hash = (hash ^ UInt64(UInt32(bitPattern: token) >> UInt32(shift) & 0xff)) &* 0x100_0000_01b3
            }
        }
        for byte in topic?.utf8 ?? "".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int64(hash >> 1)
    }

    /// Whether a corpus brings the texts of its tokens.
    static func hasTexts(corpus: Int64, _ db: Database) throws -> Bool {
        let has = "SELECT 1 FROM corpus_token WHERE corpus_id = ? LIMIT 1"
        return try Bool.fetchOne(db.cachedStatement(sql: has), arguments: [corpus]) != nil
    }

    /// What the given tokens of a corpus say; `nil` for a corpus that brings no texts.
    static func texts(of tokens: some Sequence<TokenID>, corpus: Int64, _ db: Database) throws -> [TokenID: String]? {
        guard try hasTexts(corpus: corpus, db) else { return nil }
        let find = try db.cachedStatement(sql: "SELECT text FROM corpus_token WHERE corpus_id = ? AND id = ?")
        var texts: [TokenID: String] = [:]
        for token in Set(tokens) { texts[token] = try String.fetchOne(find, arguments: [corpus, token]) }
        return texts
    }
}
