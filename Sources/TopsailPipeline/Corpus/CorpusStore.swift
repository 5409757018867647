import Foundation
import TopsailFiles
import TopsailTensor

/// A corpus on disk: a folder with `corpus.jsonl.gz` and `manifest.json`.
public struct CorpusStore: Sendable, Hashable {
    /// The folder.
    public var path: String

    public init(path: String) { self.path = path }

    /// The name it goes by: the folder's.
    public var name: String { URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent }
    public var textsPath: String { path + "/corpus.jsonl.gz" }
    public var manifestPath: String { path + "/manifest.json" }

    /// A corpus of more text than this is refused: it could not be held in memory beside a model.
    static let largestContent = 1 << 30

    public func manifest() throws -> CorpusManifest {
        let file = try MappedFile(path: manifestPath)
        return try withExtendedLifetime(file) {
            do {
                return try JSONDecoder().decode(CorpusManifest.self, from: Data(file.bytes))
            } catch {
                throw PipelineError.badLine(path: manifestPath, line: 1, problem: "it is not a corpus manifest")
            }
        }
    }

    /// All texts, in the corpus' order, checked against the manifest where there is one.
    public func texts() throws -> [CorpusText] {
        let file = try MappedFile(path: textsPath)
        let content = try withExtendedLifetime(file) {
            try Gzip.decompress(Data(file.bytes), limit: Self.largestContent, name: textsPath)
        }
        if FileManager.default.fileExists(atPath: manifestPath) {
            let expected = try manifest().contentSHA256
            let found = Self.digest(content)
            guard found == expected else {
                throw PipelineError.checksum(path: textsPath, expected: expected, found: found)
            }
        }
        return try JSONLines.decode(CorpusText.self, from: content, path: textsPath)
    }

    /// Writes texts and manifest, replacing what was there.
    ///
    /// - Parameter describe: Makes the manifest from the checksum of the content.
    func write(_ texts: [CorpusText], describe: (_ contentSHA256: String) -> CorpusManifest) throws -> CorpusManifest {
        var content = Data()
        for text in texts { content += try JSONLines.line(text) }
        let manifest = describe(Self.digest(content))
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try AtomicFile.write(Gzip.compress(content), to: textsPath)
        try AtomicFile.write(manifest.encoded(), to: manifestPath)
        return manifest
    }

    private static func digest(_ data: Data) -> String {
        var hash = SHA256()
        data.withUnsafeBytes { hash.update($0) }
        return hash.hexDigest()
    }
}
