import Foundation
import Testing
import TopsailFiles
import TopsailPipeline
import TopsailTestSupport

@Suite("Corpora on disk") struct CorpusStoreTests {
    private let texts = [
        CorpusText(
            id: "0-0", topic: "general.space", kind: .instruction, prompt: "Why?", text: "Because “it” is so.\nYes."),
        CorpusText(id: "1-0", topic: "general.poems", kind: .opening, text: "Roses are red"),
    ]

    private func write(_ texts: [CorpusText], to folder: TemporaryFolder) throws -> CorpusStore {
        let lines = try texts.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        let store = CorpusStore(path: folder.url.path)
        try AtomicFile.write(Gzip.compress(Data(lines.joined(separator: "\n").utf8)), to: store.textsPath)
        return store
    }

    @Test("texts come back as they were")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        #expect(try write(texts, to: folder).texts() == texts)
    }

    @Test("a line that is no document is named by its number")
    func badLine() throws {
        let folder = try TemporaryFolder()
        let store = CorpusStore(path: folder.url.path)
        try AtomicFile.write(Gzip.compress(Data("\n{\"id\":\"x\"}\n".utf8)), to: store.textsPath)
        #expect {
            try store.texts()
        } throws: { error in
            guard case .badLine(_, line: 2, let problem)? = error as? PipelineError else { return false }
            return problem.contains("topic")
        }
    }

    @Test("seeds of an unknown kind are refused")
    func badSeed() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("seeds.jsonl", Data("{\"topic\":\"t\",\"kind\":\"poem\",\"text\":\"x\"}\n".utf8))
        #expect(throws: PipelineError.self) { try CorpusSeed.load(path: path) }
    }

    @Test("which documents are held out depends on each alone, and the share is about right")
    func heldOut() {
        let split = HeldOutSplit(fraction: 0.05)
        let many = (0..<4000).map { CorpusText(id: "\($0)", topic: "t", kind: .opening, text: "text number \($0)") }
        let heldOut = many.filter(split.holdsOut)
        #expect((140...260).contains(heldOut.count))
        let renamed = many.map { CorpusText(id: "other", topic: "u", kind: .opening, text: $0.text) }
        #expect(renamed.filter(split.holdsOut).map(\.text) == heldOut.map(\.text))
    }
}
