import Foundation
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTensor

/// Everything that decides the values in a part: parts of one collection have equal stamps.
public struct PartStamp: Sendable, Hashable, Codable {
    /// A file or folder by what is in it.
    public struct Source: Sendable, Hashable, Codable {
        public var name: String
        public var sha256: String
    }

    public struct SAE: Sendable, Hashable, Codable {
        public var name: String
        public var sha256: String
        /// Where it reads, as `HookPoint` writes it.
        public var hook: String
        public var dSAE: Int
    }

    public var model: Source
    /// The name is the corpus', the checksum that of its texts.
    public var corpus: Source
    public var documents: Int
    public var saes: [SAE]
    public var precision: Precision
    public var contextLength: Int
    public var contexts: Int
    public var chunkTokens: Int
    public var scope: CountedTokens
    public var heldOutFraction: Double
    /// Hook points whose activations came from files.
    public var stored: [String]

    /// The settings in which two stamps differ, in words; empty when they are the same.
    public func differences(from other: PartStamp) -> [String] {
        let checks: [(String, Bool)] = [
            ("model", model.sha256 == other.model.sha256),
            ("corpus", corpus == other.corpus && documents == other.documents),
            ("set of SAEs", saes == other.saes), ("precision", precision == other.precision),
            ("context length", contextLength == other.contextLength),
            ("number of contexts", contexts == other.contexts), ("size of chunks", chunkTokens == other.chunkTokens),
            ("choice of counted tokens", scope == other.scope),
            ("share of held-out documents", heldOutFraction == other.heldOutFraction),
            ("source of activations", stored == other.stored),
        ]
        return checks.filter { !$0.1 }.map(\.0)
    }
}

/// What stands at the beginning of a part.
public struct PartHeader: Sendable, Hashable, Codable {
    public var stamp: PartStamp
    public var shard: Shard
    /// Chunks of the shard that are done, and all of them.
    public var done: Int
    public var chunks: Int
    /// Whose kernels OpenBLAS ran: parts from different kinds of CPU may differ in the last bits.
    public var kernels: String
    /// How the collection was asked for, to be used again when the parts are put together.
    public var request: PartRequest

    public var isFinished: Bool { done == chunks }
}

/// Names and places as a person gave them.
public struct PartRequest: Sendable, Hashable, Codable {
    public var model: String?
    public var corpus: String?
    public var saes: [String]
    public var saeFormat: String?
    public var saeOptions: [String: String]
    public var hook: String?
    public var pairs: String?
    public var evaluationTokens: Int

    public init(
        model: String? = nil, corpus: String? = nil, saes: [String] = [], saeFormat: String? = nil,
        saeOptions: [String: String] = [:], hook: String? = nil, pairs: String? = nil, evaluationTokens: Int = 10_000
    ) {
        self.model = model
        self.corpus = corpus
        self.saes = saes
        self.saeFormat = saeFormat
        self.saeOptions = saeOptions
        self.hook = hook
        self.pairs = pairs
        self.evaluationTokens = evaluationTokens
    }
}

/// Checksums of what a collection is made from.
enum SourceDigest {
    private static let extensions: Set<String> = [
        "safetensors", "gguf", "json", "npz", "npy", "pt", "pth", "bin", "model", "txt",
    ]

    /// Of a file's content, or of the names and contents of a folder's files of weights and settings.
    static func of(path: String) throws -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return try SHA256File.hexDigest(path: path)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { extensions.contains(($0 as NSString).pathExtension) }.sorted()
        var hash = SHA256()
        for name in names {
            let digest = try SHA256File.hexDigest(path: "\(path)/\(name)")
            hash.add("\(name) \(digest)\n")
        }
        return hash.hexDigest()
    }

    /// Of texts in their order, however they are stored.
    static func of(_ texts: [CorpusText]) -> String {
        var hash = SHA256()
        for text in texts {
            for field in [text.topic, text.kind.rawValue, text.prompt ?? "", text.text] {
                hash.add("\(field.utf8.count) ")
                hash.add(field)
            }
        }
        return hash.hexDigest()
    }
}

extension SHA256 {
    fileprivate mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }
}
