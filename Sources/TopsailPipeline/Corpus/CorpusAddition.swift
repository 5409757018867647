import Foundation
import TopsailFiles
import TopsailTensor

/// Adds a person's own files to a corpus, or begins one with them.
///
/// Text files are cut into documents at blank lines; JSON Lines have one document a line: `text`, and if wanted `topic` and
/// `prompt`, which makes the text an answer. Texts that say almost the same as one that is there are left out.
public struct CorpusAddition {
    /// What texts are filed under that do not say themselves.
    public var topic: String?
    /// Noted beside each file's name.
    public var licence: String?

    public init(topic: String? = nil, licence: String? = nil) {
        self.topic = topic
        self.licence = licence
    }

    /// Why a text is not taken; the raw value is its name in manifests.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        case empty
        case tooShort = "too_short"
        case broken
        case duplicate
    }

    /// What became of one file.
    public struct FileReport: Sendable, Hashable {
        public var path: String
        /// Its content was added before, so that nothing was to be done.
        public var isKnown: Bool
        public var documents: Int
        public var skipped: [Reason: Int]
    }

    public struct Report: Sendable, Hashable {
        public var files: [FileReport]
        /// Of the whole corpus, afterwards.
        public var manifest: CorpusManifest
    }

    /// Words below which a text is too short to be read in context.
    private static let fewestWords = 8
    /// The topic of texts about which nothing is said.
    private static let unnamedTopic = "text"

    /// Adds all of the files or none. Adding again what is there changes nothing.
    ///
    /// - Throws: `PipelineError` for a line that is not a text, or when a new corpus would be empty; what reading and writing
    ///   throw.
    public func add(_ paths: [String], to store: CorpusStore) throws -> Report {
        var texts = store.exists ? try store.texts() : []
        let old = store.exists ? try? store.manifest() : nil
        var added = old?.added ?? []
        var duplicates = DuplicateIndex()
        for (number, text) in texts.enumerated() { _ = duplicates.insert(words: Self.words(text), seed: number) }
        let known = texts.count
        var files: [FileReport] = []
        for path in paths {
            let digest = try SHA256File.hexDigest(path: path)
            guard !added.contains(where: { $0.sha256 == digest }) else {
                files.append(FileReport(path: path, isKnown: true, documents: 0, skipped: [:]))
                continue
            }
            let name = URL(fileURLWithPath: path).lastPathComponent
            var skipped: [Reason: Int] = [:]
            let before = texts.count
            for var text in try read(path, id: "\(name)-\(digest.prefix(8))") {
                text.text = text.text.replacing("\r\n", with: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
                let words = Self.words(text)
                if let reason = reason(text, words) {
                    skipped[reason, default: 0] += 1
                } else if duplicates.insert(words: words, seed: texts.count) {
                    texts.append(text)
                } else {
                    skipped[.duplicate, default: 0] += 1
                }
            }
            let count = texts.count - before
            files.append(FileReport(path: path, isKnown: false, documents: count, skipped: skipped))
            added.append(
                CorpusManifest.Addition(
                    name: name, sha256: digest, licence: licence, documents: count,
                    skipped: Dictionary(uniqueKeysWithValues: skipped.map { ($0.rawValue, $1) })))
        }
        guard !texts.isEmpty else {
            throw PipelineError.empty(path: paths.joined(separator: ", "), what: "usable texts")
        }
        if let old, files.allSatisfy(\.isKnown) { return Report(files: files, manifest: old) }
        let manifest = try store.write(texts) { checksum in
            CorpusManifest(
                model: old?.model, seeds: old?.seeds, options: old?.options, added: added, documents: texts.count,
                tokens: texts.count == known ? old?.tokens : nil,
                characters: texts.reduce(0) { $0 + $1.text.count }, rejected: old?.rejected ?? [:],
                topics: texts.reduce(into: [:]) { $0[$1.topic, default: 0] += 1 }, contentSHA256: checksum)
        }
        return Report(files: files, manifest: manifest)
    }

    /// A prompt is part of what is said: the same answer to another question is another text.
    private static func words(_ text: CorpusText) -> [String] {
        WordSplitter.words(of: (text.prompt.map { $0 + " " } ?? "") + text.text)
    }

    private func reason(_ text: CorpusText, _ words: [String]) -> Reason? {
        if text.text.isEmpty { return .empty }
        if !TextFilter.isOrdinary(text.text) { return .broken }
        return words.count < Self.fewestWords ? .tooShort : nil
    }

    /// A line of a JSON Lines file.
    private struct Line: Decodable {
        var text: String
        var topic: String?
        var prompt: String?
    }

    private func read(_ path: String, id: String) throws -> [CorpusText] {
        let topic = topic ?? Self.unnamedTopic
        guard ["jsonl", "ndjson"].contains((path as NSString).pathExtension.lowercased()) else {
            return try PlainTextCorpus.documents(path: path).enumerated().map { index, text in
                CorpusText(id: "\(id)-\(index)", topic: topic, kind: .opening, text: text)
            }
        }
        return try JSONLines.read(Line.self, path: path).enumerated().map { index, line in
            CorpusText(
                id: "\(id)-\(index)", topic: line.topic ?? topic, kind: line.prompt == nil ? .opening : .instruction,
                prompt: line.prompt, text: line.text)
        }
    }
}
