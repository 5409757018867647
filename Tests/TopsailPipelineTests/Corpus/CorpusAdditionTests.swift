import Foundation
import Testing
import TopsailFiles
import TopsailPipeline
import TopsailTestSupport

@Suite("Adding files to a corpus") struct CorpusAdditionTests {
    private let folder: TemporaryFolder
    private var store: CorpusStore { CorpusStore(path: folder.path("corpus")) }

    init() throws { folder = try TemporaryFolder() }

    private func file(_ name: String, _ text: String) throws -> String { try folder.file(name, Array(text.utf8)) }

    private static let long = (0..<300).map { "Sentence number \($0) speaks of thing \($0 * 7) at place \($0 % 13)." }

    private func bytes() throws -> [Data] {
        try [store.textsPath, store.manifestPath].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    }

    @Test("text and JSON Lines become documents with topics, prompts and licence")
    func formats() throws {
        let text = try file("notes.txt", "\u{FEFF}" + Self.long.joined(separator: "\r\n\r\n"))
        let lines = try file(
            "letters.jsonl",
            """
            {"text": "Dear neighbour, the old apple tree has to be cut before the winter.", "topic": "general.garden"}

            {"prompt": "How is bread made?", "text": "Flour, water, salt and yeast are kneaded, then left to rise."}
            """)
        let report = try CorpusAddition(topic: "general.notes", licence: "CC0-1.0").add([text, lines], to: store)
        let texts = try store.texts()
        #expect(texts.count == report.manifest.documents && report.files[1].documents == 2)
        #expect(report.files[0].documents == texts.count - 2 && texts.count > 5)
        #expect(texts.dropLast(2).allSatisfy { $0.kind == .opening && $0.topic == "general.notes" })
        #expect(!texts[0].text.unicodeScalars.contains("\u{FEFF}") && !texts[0].text.unicodeScalars.contains("\r"))
        #expect(texts[texts.count - 2].topic == "general.garden")
        #expect(texts.last?.kind == .instruction && texts.last?.prompt == "How is bread made?")
        #expect(texts.last?.topic == "general.notes")
        #expect(Set(texts.map(\.id)).count == texts.count)
        let manifest = try store.manifest()
        #expect(manifest.added?.map(\.name) == ["notes.txt", "letters.jsonl"])
        #expect(manifest.added?.allSatisfy { $0.licence == "CC0-1.0" } == true)
        #expect(manifest.topics["general.garden"] == 1 && manifest.tokens == nil)
    }

    @Test("adding the same file again changes no byte, under another name neither")
    func idempotent() throws {
        let path = try file("a.txt", Self.long.joined(separator: "\n\n"))
        _ = try CorpusAddition().add([path], to: store)
        let before = try bytes()
        let copy = try file("b.txt", Self.long.joined(separator: "\n\n"))
        let report = try CorpusAddition().add([path, copy], to: store)
        #expect(report.files.allSatisfy { $0.isKnown && $0.documents == 0 })
        #expect(try bytes() == before)
    }

    @Test("repetitions, stubs and broken texts are left out, with the reason")
    func skipping() throws {
        let text = "The harbour master counts the boats every morning before the market opens and writes them down."
        let first = try file(
            "first.jsonl", "{\"text\": \"\(text)\"}\n{\"text\": \"\(text) Always.\"}\n{\"text\": \" \"}\n")
        let report = try CorpusAddition().add([first], to: store)
        #expect(report.files[0].documents == 1)
        #expect(report.files[0].skipped == [.duplicate: 1, .empty: 1])
        let second = try file(
            "second.jsonl",
            "{\"text\": \"\(text)\"}\n{\"text\": \"Too short.\"}\n{\"text\": \"A bell \\u0007 \(text.dropFirst(3))\"}\n"
        )
        let next = try CorpusAddition().add([second], to: store)
        #expect(next.files[0].documents == 0)
        #expect(next.files[0].skipped == [.duplicate: 1, .tooShort: 1, .broken: 1])
        #expect(try store.texts().count == 1)
    }

    @Test("a line that is no text stops the whole, and nothing is written")
    func badLine() throws {
        let good = try file("good.txt", Self.long.joined(separator: "\n\n"))
        let bad = try file("bad.jsonl", "{\"text\": \"x\"}\n{\"title\": \"y\"}\n")
        do {
            _ = try CorpusAddition().add([good, bad], to: store)
            Issue.record("a bad line was taken")
        } catch let error as PipelineError {
            #expect(error.description == "\(bad), line 2: it has no \"text\"")
        }
        #expect(!FileManager.default.fileExists(atPath: store.textsPath))
        let empty = try file("empty.txt", "\n\n")
        #expect(throws: PipelineError.self) { _ = try CorpusAddition().add([empty], to: store) }
    }

    @Test("a writer that was ended between the two files leaves the old corpus or the new")
    func between() throws {
        _ = try CorpusAddition().add([try file("a.txt", Self.long.prefix(40).joined(separator: "\n\n"))], to: store)
        let old = try bytes()
        _ = try CorpusAddition().add([try file("b.txt", Self.long.dropFirst(40).joined(separator: "\n\n"))], to: store)
        let new = try bytes()
        let count = try store.texts().count
        // As it is before the texts are renamed, and after.
        try new[1].write(to: URL(fileURLWithPath: store.path + "/manifest.next.json"))
        try old[1].write(to: URL(fileURLWithPath: store.manifestPath))
        #expect(try store.texts().count == count)
        #expect(try store.manifest().documents == count)
        try old[0].write(to: URL(fileURLWithPath: store.textsPath))
        #expect(try store.texts().count < count)
        #expect(try store.manifest().documents == store.texts().count)
    }
}
