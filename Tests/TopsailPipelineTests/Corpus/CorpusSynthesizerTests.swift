import Foundation
import Testing
import TopsailModel
import TopsailPipeline
import TopsailTestSupport

@Suite("Letting a model write", .enabled(if: TinyModel.isThere, "needs the fixture gguf/llama-f32"))
struct CorpusSynthesizerTests {
    private let seeds = """
        {"topic":"a","kind":"opening","text":"The cat sat"}
        {"topic":"b","kind":"opening","text":"Features fire on words"}
        {"topic":"c","kind":"opening","text":"A river"}
        """

    private func synthesizer(_ folder: TemporaryFolder, width: Int) throws -> CorpusSynthesizer {
        let path = try folder.file("seeds.jsonl", Data(seeds.utf8))
        let options = SynthesisOptions(
            targetTokens: 1 << 30, seed: 3, precision: .exact, shortestLimit: 20, longestLimit: 30, rounds: 4)
        var synthesizer = try CorpusSynthesizer(model: TinyModel.open(), seedsPath: path, options: options)
        synthesizer.width = width
        return synthesizer
    }

    @Test("a run that was ended and continued writes what an unbroken run writes, whatever the width")
    func resuming() throws {
        let folder = try TemporaryFolder()
        let unbroken = try synthesizer(folder, width: 5).run(
            into: CorpusStore(path: folder.path("one")), journalPath: folder.path("one.journal"))
        #expect(unbroken.documents + unbroken.rejected.values.reduce(0, +) == 12)

        let journal = folder.path("two.journal")
        let store = CorpusStore(path: folder.path("two"))
        var finished = 0
        #expect(throws: CancellationError.self) {
            try synthesizer(folder, width: 2).run(
                into: store, journalPath: journal, isCancelled: { finished >= 5 }, progress: { _ in finished += 1 })
        }
        // The run was ended in the middle of a line.
        let handle = try #require(FileHandle(forWritingAtPath: journal))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"index\":7,\"te".utf8))
        try handle.close()
        var continued = 0
        let resumed = try synthesizer(folder, width: 3).run(
            into: store, journalPath: journal, progress: { _ in continued += 1 })
        #expect(resumed == unbroken)
        #expect(continued == 12 - finished)
        #expect(try store.texts() == CorpusStore(path: folder.path("one")).texts())
    }

    @Test("a journal of other settings is not continued")
    func otherSettings() throws {
        let folder = try TemporaryFolder()
        let journal = folder.path("journal")
        let store = CorpusStore(path: folder.path("corpus"))
        _ = try synthesizer(folder, width: 4).run(into: store, journalPath: journal)
        let options = SynthesisOptions(targetTokens: 10, seed: 4, precision: .exact, rounds: 1)
        let other = try CorpusSynthesizer(
            model: TinyModel.open(), seedsPath: folder.path("seeds.jsonl"), options: options)
        #expect(throws: PipelineError.otherSettings(journal: journal)) {
            try other.run(into: store, journalPath: journal)
        }
    }
}
