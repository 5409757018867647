import Foundation
import Testing
import TopsailCore
import TopsailModel
import TopsailPipeline
import TopsailTestSupport

@Suite(.enabled(if: TinyModel.isThere)) struct StoredActivationsTests {
    /// Collecting from what a harvest left finds what collecting with the model finds, but for the rounding to fp16.
    @Test func collectingFromFilesAgreesWithCollectingFromTheModel() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let model = try TinyModel.open()
        let sae = TinyModel.sae(for: model)
        let texts = TinyModel.texts(40).map { CorpusText(id: $0.text, topic: $0.topic, kind: .opening, text: $0.text) }
        let documents = try CorpusReading.read(texts, with: model)
        let files = [ActivationFiles(TinyModel.hook, in: folder)]
        try ActivationFiles.prepare(
            files, texts, scope: .ordinary, model: model)

        let fromModel = try CollectionRun().run(documents, model: model, saes: [sae])[0]
        var run = CollectionRun()
        run.stored[TinyModel.hook] = try StoredActivations(hook: TinyModel.hook, in: folder)
        #expect(run.stored.count == 1)
        let fromFiles = try run.run(documents, model: model, saes: [sae])[0]

        #expect(fromFiles.collection.counts.total == fromModel.collection.counts.total)
        #expect(fromFiles.heldOut.tokens.count == fromModel.heldOut.tokens.count)
        #expect(fromModel.collection.counts.total > 100 && !fromModel.heldOut.tokens.isEmpty)
        // Rounding moves a few tokens from one of nearly equal neurons to another.
        for (a, b) in zip(fromFiles.collection.neurons, fromModel.collection.neurons) {
            #expect(abs(a.fired - b.fired) <= 2 + b.fired / 20)
            #expect(abs(a.maximum - b.maximum) <= 0.02 * max(b.maximum, 0.1))
        }
    }

    @Test func filesOfAnotherCorpusAreRefused() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let model = try TinyModel.open()
        let texts = TinyModel.texts(30).map { CorpusText(id: $0.text, topic: $0.topic, kind: .opening, text: $0.text) }
        try ActivationFiles.prepare(
            [ActivationFiles(TinyModel.hook, in: folder)], texts, scope: .ordinary, model: model)
        var run = CollectionRun()
        run.stored[TinyModel.hook] = try StoredActivations(hook: TinyModel.hook, in: folder)
        let other = try CorpusReading.read(Array(texts.dropLast(4)), with: model)
        #expect(throws: PipelineError.self) {
            _ = try run.run(other, model: model, saes: [TinyModel.sae(for: model)])
        }
        #expect(try StoredActivations(hook: HookPoint(.residPost, layer: 1), in: folder) == nil)
    }

    /// Two hook points in chunks of some documents each.
    private struct Harvest {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        let model: LanguageModel
        var texts = TinyModel.texts(60).map {
            CorpusText(id: $0.text, topic: $0.topic, kind: .opening, text: $0.text)
        }
        var files: [ActivationFiles] {
            [TinyModel.hook, HookPoint(.residPost, layer: 1)].map { ActivationFiles($0, in: folder) }
        }

        init() throws { model = try TinyModel.open() }

        /// - Parameter calls: After so many it is cancelled.
        /// - Returns: The tokens done when it went on, and all; `nil` when it was cancelled.
        func run(cancelledAfter calls: Int = .max) throws -> (first: Int, total: Int)? {
            var left = calls
            var first: (Int, Int)?
            var harvest = ActivationHarvest()
            harvest.chunkTokens = 100
            do {
                try ActivationFiles.prepare(
                    files, texts, scope: .ordinary, model: model, harvest: harvest,
                    isCancelled: {
                        left -= 1
                        return left < 0
                    }, progress: { first = first ?? ($0, $1) })
            } catch is CancellationError { return nil }
            return first
        }

        func contents() throws -> [Data] {
            try files.flatMap { file in
                try [file.training, file.heldOut].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
            }
        }

        func names() throws -> [[String]] {
            try files.map { try FileManager.default.contentsOfDirectory(atPath: $0.folder).sorted() }
        }

        func remove() { try? FileManager.default.removeItem(atPath: folder) }
    }

    @Test("a harvest that was ended goes on to the same bytes, wherever it was ended", arguments: [1, 3, 7, 20])
    func resuming(calls: Int) throws {
        let whole = try Harvest(), ended = try Harvest()
        defer { for harvest in [whole, ended] { harvest.remove() } }
        let undisturbed = try #require(try whole.run())
        var runs = 1
        while try ended.run(cancelledAfter: calls + runs) == nil {
            #expect(try ended.names().allSatisfy { !$0.contains("train.safetensors") })
            runs += 1
            try #require(runs < 200)
        }
        #expect(runs > 1 && undisturbed.total > 1000)
        #expect(try ended.contents() == whole.contents())
        #expect(
            try ended.names() == Array(repeating: ["heldout.safetensors", "stamp.json", "train.safetensors"], count: 2))
    }

    @Test("what is done is not read again; rows that are not there any more are, and those of another corpus")
    func goingOn() throws {
        let whole = try Harvest()
        var ended = try Harvest()
        defer { for harvest in [whole, ended] { harvest.remove() } }
        let undisturbed = try #require(try whole.run())
        #expect(try ended.run(cancelledAfter: 40) == nil)
        let half = try #require(try ended.run(cancelledAfter: 1_000_000))
        #expect(half.total == undisturbed.total && half.first > undisturbed.first)
        #expect(try ended.contents() == whole.contents())

        for file in ended.files { try FileManager.default.removeItem(atPath: file.folder) }
        #expect(try ended.run(cancelledAfter: 40) == nil)
        let partial = ended.files[1].training + ".partial"
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: partial))
        try handle.truncate(atOffset: 200)
        try handle.close()
        #expect(try #require(try ended.run()).first == undisturbed.first)
        #expect(try ended.contents() == whole.contents())

        for file in ended.files { try FileManager.default.removeItem(atPath: file.folder) }
        #expect(try ended.run(cancelledAfter: 40) == nil)
        ended.texts.swapAt(0, 9)
        let other = try Harvest()
        defer { other.remove() }
        #expect(try #require(try ended.run()).first <= 100)
    }

    @Test("a corpus without texts leaves complete files without rows")
    func empty() throws {
        var harvest = try Harvest()
        defer { harvest.remove() }
        harvest.texts = []
        _ = try harvest.run()
        #expect(try harvest.names().allSatisfy { $0 == ["heldout.safetensors", "stamp.json", "train.safetensors"] })
    }
}
