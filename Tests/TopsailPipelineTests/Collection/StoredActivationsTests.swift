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
            files, texts, scope: .ordinary, model: model, isCancelled: { false }, progress: { _, _ in })

        let fromModel = try CollectionRun().run(documents, model: model, saes: [sae])[0]
        var run = CollectionRun()
        run.stored[TinyModel.hook] = try #require(try StoredActivations(hook: TinyModel.hook, in: folder))
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
            [ActivationFiles(TinyModel.hook, in: folder)], texts, scope: .ordinary, model: model,
            isCancelled: { false }, progress: { _, _ in })
        var run = CollectionRun()
        run.stored[TinyModel.hook] = try StoredActivations(hook: TinyModel.hook, in: folder)
        let other = try CorpusReading.read(Array(texts.dropLast(4)), with: model)
        #expect(throws: PipelineError.self) {
            _ = try run.run(other, model: model, saes: [TinyModel.sae(for: model)])
        }
        #expect(try StoredActivations(hook: HookPoint(.residPost, layer: 1), in: folder) == nil)
    }
}
