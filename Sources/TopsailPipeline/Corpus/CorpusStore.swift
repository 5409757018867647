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
    /// The manifest of texts that are being replaced: should the writer be killed between the two files, it is in force when
    /// the texts are those that it speaks of.
    private var nextManifestPath: String { path + "/manifest.next.json" }

    /// A corpus of more text than this is refused: it could not be held in memory beside a model.
    static let largestContent = 1 << 30

    public func manifest() throws -> CorpusManifest {
        let content = FileManager.default.fileExists(atPath: nextManifestPath) ? try content() : nil
        return try manifest(of: content)
    }

    /// All texts, in the corpus' order, checked against the manifest where there is one.
    public func texts() throws -> [CorpusText] {
        let content = try content()
        if FileManager.default.fileExists(atPath: manifestPath)
            || FileManager.default.fileExists(atPath: nextManifestPath)
        {
            let expected = try manifest(of: content).contentSHA256
            let found = Self.digest(content)
            guard found == expected else {
                throw PipelineError.checksum(path: textsPath, expected: expected, found: found)
            }
        }
        return try JSONLines.decode(CorpusText.self, from: content, path: textsPath)
    }

    /// Whether there are texts.
    var exists: Bool { FileManager.default.fileExists(atPath: textsPath) }

    private func content() throws -> Data {
        let file = try MappedFile(path: textsPath)
        return try withExtendedLifetime(file) {
            try Gzip.decompress(Data(file.bytes), limit: Self.largestContent, name: textsPath)
        }
    }

    private func manifest(of content: Data?) throws -> CorpusManifest {
        if let content, FileManager.default.fileExists(atPath: nextManifestPath) {
            let next = try read(nextManifestPath)
            if next.contentSHA256 == Self.digest(content) { return next }
        }
        return try read(manifestPath)
    }

    private func read(_ path: String) throws -> CorpusManifest {
        let file = try MappedFile(path: path)
        return try withExtendedLifetime(file) {
            do {
                return try JSONDecoder().decode(CorpusManifest.self, from: Data(file.bytes))
            } catch {
                throw PipelineError.badLine(path: path, line: 1, problem: "it is not a corpus manifest")
            }
        }
    }

    /// Writes texts and manifest, replacing what was there.
    ///
    /// - Parameter describe: Makes the manifest from the checksum of the content.
    func write(_ texts: [CorpusText], describe: (_ contentSHA256: String) -> CorpusManifest) throws -> CorpusManifest {
        var content = Data()
        for text in texts { content += try JSONLines.line(text) }
        let manifest = describe(Self.digest(content))
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try AtomicFile.write(manifest.encoded(), to: nextManifestPath)
        try AtomicFile.write(Gzip.compress(content), to: textsPath)
        try AtomicFile.write(manifest.encoded(), to: manifestPath)
        try FileManager.default.removeItem(atPath: nextManifestPath)
        return manifest
    }

    private static func digest(_ data: Data) -> String {
        var hash = SHA256()
        data.withUnsafeBytes { hash.update($0) }
        return hash.hexDigest()
    }
}
