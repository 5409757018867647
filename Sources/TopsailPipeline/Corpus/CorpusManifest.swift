import Foundation

/// What a corpus was made from, so that it can be made again and checked.
public struct CorpusManifest: Sendable, Hashable, Codable {
    public struct Source: Sendable, Hashable, Codable {
        public var name: String
        public var sha256: String
    }

    /// A file that a person added.
    public struct Addition: Sendable, Hashable, Codable {
        public var name: String
        public var sha256: String
        /// As it was given; `nil` where nobody said.
        public var licence: String?
        /// Texts taken from it.
        public var documents: Int
        /// Texts left out, by reason.
        public var skipped: [String: Int]
    }

    public var version = 1
    /// The model that wrote the texts; `nil` when all of them were added.
    public var model: Source?
    /// The seeds that they grew from.
    public var seeds: Source?
    public var options: SynthesisOptions?
    /// Files that were added, in their order.
    public var added: [Addition]?
    public var documents: Int
    /// Tokens of all texts, prompts left out; `nil` when texts were added, which no model has read yet.
    public var tokens: Int?
    public var characters: Int
    /// Texts that were sampled and left out, by reason.
    public var rejected: [String: Int]
    /// Documents by topic.
    public var topics: [String: Int]
    /// Checksum of the uncompressed JSON Lines.
    public var contentSHA256: String

    private enum CodingKeys: String, CodingKey {
        case version, model, seeds, options, added, documents, tokens, characters, rejected, topics
        case contentSHA256 = "content_sha256"
    }

    /// As `manifest.json` holds it.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data([UInt8(ascii: "\n")])
    }
}
