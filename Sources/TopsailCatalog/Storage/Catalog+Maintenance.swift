import Foundation
import GRDB

/// What a catalog holds, in numbers.
public struct CatalogSummary: Sendable, Hashable {
    public let models: Int
    public let saes: Int
    public let neurons: Int
    /// Neurons with an explanation by anyone.
    public let explained: Int
    public let documents: Int
    /// A person's tags, explanations, notes and lists taken together.
    public let annotations: Int
    /// Size of the file, without its write-ahead log.
    public let bytes: Int
}

extension Catalog {
    /// Counts what the catalog holds.
    public func summary() throws(CatalogError) -> CatalogSummary {
        let bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        return try read { db in
            func count(_ what: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM \(what)") ?? 0 }
            let people = try ["human_tag", "human_explanation", "human_note", "list"].reduce(0) { try $0 + count($1) }
            return CatalogSummary(
                models: try count("model"), saes: try count("sae"), neurons: try count("neuron"),
                explained: try count("neuron WHERE explanation_source IS NOT NULL"),
                documents: try count("corpus_document"), annotations: people, bytes: bytes)
        }
    }

    /// Reads everything and says what is broken, one sentence each; empty when all is well.
    public func check() throws(CatalogError) -> [String] {
        try read { db in
            var problems = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            problems += try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { row in
                let (child, parent) = (row["table"] as String? ?? "?", row["parent"] as String? ?? "?")
                return "a row of \(child) refers to one of \(parent) that is gone"
            }
            return problems + (try brokenEvidence(db))
        }
    }

    /// Copies the catalog into a new, compact, single file, whoever is writing meanwhile.
    ///
    /// - Throws: `cannotOpen` when there is a file at `destination`; nothing is overwritten.
    public func backup(to destination: String) throws(CatalogError) {
        if FileManager.default.fileExists(atPath: destination) {
            throw CatalogError(.cannotOpen(path: destination, why: "there is a file already"))
        }
        let partial = destination + ".partial-\(UUID().uuidString)"
        do {
            try pool.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
            try FileManager.default.moveItem(atPath: partial, toPath: destination)
        } catch {
            try? FileManager.default.removeItem(atPath: partial)
            throw CatalogError(wrapping: error, path: destination)
        }
    }

    private func brokenEvidence(_ db: Database) throws -> [String] {
        let directory = try SAEDirectory(db)
        var problems: [String] = []
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM neuron_evidence")
        while let row = try rows.next() {
            let readers: [(String, (Data) -> Bool)] = [
                ("histogram", { HistogramPacking.unpack($0) != nil }),
                ("contexts", { ContextPacking.unpack($0) != nil }),
                ("top_logits", { PairPacking.tokenEffects($0) != nil }),
                ("bottom_logits", { PairPacking.tokenEffects($0) != nil }),
                ("similar", { PairPacking.unpack($0) != nil }), ("coactive", { PairPacking.unpack($0) != nil }),
            ]
            for (column, isReadable) in readers {
                guard let blob = row[column] as Data?, !isReadable(blob) else { continue }
                problems.append(
                    "\(column) of neuron \(directory.name(of: NeuronKey(rowID: row["neuron_id"]))) is broken")
            }
        }
        return problems
    }
}
