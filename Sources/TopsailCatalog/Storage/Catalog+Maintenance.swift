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
    /// A person's tags, explanations, notes, ratings, lists, saved queries and own categories taken together.
    public let annotations: Int
    /// Size of the file, without its write-ahead log.
    public let bytes: Int
}

extension Catalog {
    private static let annotationTables = [
        "human_tag", "human_explanation", "human_note", "human_rating", "list", "saved_query", "category WHERE is_own",
    ]

    /// Counts what the catalog holds.
    public func summary() throws(CatalogError) -> CatalogSummary {
        let bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        return try read { db in
            func count(_ what: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM \(what)") ?? 0 }
            let people = try Self.annotationTables.reduce(0) { try $0 + count($1) }
            return CatalogSummary(
                models: try count("model WHERE name <> '\(SAERecord.noModelName)'"), saes: try count("sae"),
                neurons: try count("neuron"),
                explained: try count("neuron WHERE explanation_source IS NOT NULL"),
                documents: try count("corpus_document"), annotations: people, bytes: bytes)
        }
    }
}
