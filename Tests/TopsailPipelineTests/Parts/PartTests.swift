import Foundation
import Testing
import TopsailCore
import TopsailModel
import TopsailPipeline
import TopsailTestSupport

@Suite("Shards of a collection", .enabled(if: TinyModel.isThere, "needs the fixture gguf/llama-f32"))
struct PartTests {
    @Test("two, three and five parts in any order make the catalog of one pass, to the bit", arguments: [2, 3, 5])
    func merging(count: Int) throws {
        let tiny = try TinyCollection()
        let whole = try tiny.onePass()
        #expect(whole.count == 48)
        #expect(whole.contains { !$0.explanations.isEmpty && !$0.explanations[0].scores.isEmpty })
        #expect(whole.contains { $0.contexts.count > 3 })
        let parts = try (1...count).map { try tiny.part($0, of: count) }
        #expect(try PartFile.header(parts[0]).chunks > 1)
        var random = TopsailTestSupport.SeededGenerator(seed: UInt64(count))
        for order in [parts, parts.reversed(), parts.shuffled(using: &random)] {
            #expect(try tiny.merged(order) == whole)
        }
    }

    @Test("more shards than chunks: some parts are empty")
    func manyShards() throws {
        let tiny = try TinyCollection(texts: 12)
        let whole = try tiny.onePass()
        let parts = try (1...9).map { try tiny.part($0, of: 9) }
        #expect(try PartFile.header(parts[8]).chunks == 0)
        #expect(try tiny.merged(parts) == whole)
    }

    @Test("the forecasts of shards add up to the corpus; only the run that writes the catalog reads more")
    func forecast() throws {
        let tiny = try TinyCollection()
        let whole = try tiny.collection(1, of: 1).forecast(writesCatalog: true)
        let documents = try CorpusReading.read(tiny.build.texts, with: tiny.build.model, split: tiny.build.split)
        let corpus = documents.reduce(0) { $0 + $1.text.count }
        #expect(whole.readings.map(\.purpose) == ["the corpus", "contrast pairs", "cross-entropies"])
        #expect(whole.readings[0].tokens == corpus && whole.readings[1].tokens > 0)
        let heldOut = documents.filter(\.isHeldOut).reduce(0) { $0 + $1.text.count }
        #expect(whole.readings[2].tokens == 3 * heldOut)
        let shards = try (1...3).map { try tiny.collection($0, of: 3).forecast(writesCatalog: false) }
        #expect(shards.allSatisfy { $0.readings.count == 1 && $0.readings[0].tokens < corpus && $0.readingSeconds > 0 })
        #expect(shards.reduce(0) { $0 + $1.readingTokens } == corpus)
    }

    @Test("parts from stored activations make the catalog of one pass over them")
    func stored() throws {
        var tiny = try TinyCollection()
        let documents = try CorpusReading.read(tiny.build.texts, with: tiny.build.model, split: tiny.build.split)
        let folder = tiny.folder.path("\(TinyModel.hook)")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try ActivationHarvest().write(
            documents, model: tiny.build.model,
            targets: [
                .init(
                    hook: TinyModel.hook, trainingPath: folder + "/train.safetensors",
                    heldOutPath: folder + "/heldout.safetensors")
            ])
        try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/stamp.json"))
        tiny.build.collection.stored[TinyModel.hook] = try StoredActivations(
            hook: TinyModel.hook, in: tiny.folder.url.path)
        #expect(tiny.build.collection.stored.count == 1)
        let whole = try tiny.onePass()
        let parts = try [3, 1, 2].map { try tiny.part($0, of: 3) }
        #expect(try tiny.merged(parts) == whole)
    }

    @Test("a run that was ended goes on to the same bytes, wherever it was ended", arguments: [2, 5, 9, 14, 30])
    func resuming(calls: Int) throws {
        let tiny = try TinyCollection()
        let undisturbed = try tiny.bytes(tiny.part(1, of: 1))
        let path = tiny.folder.path("resumed.topsail")
        var collection = tiny.collection(1, of: 1)
        collection.resumes = true
        collection.pause = .zero
        var runs = 0
        while !FileManager.default.fileExists(atPath: path) {
            runs += 1
            var left = calls
            do {
                _ = try collection.write(
                    to: path,
                    isCancelled: {
                        left -= 1
                        return left < 0
                    })
            } catch is CancellationError {}
            try #require(runs < 100)
        }
        #expect(runs > 1 || calls == 30)
        #expect(try tiny.bytes(path) == undisturbed)
        #expect(!FileManager.default.fileExists(atPath: PartCollection.checkpointPath(ofPart: path)))
    }

    @Test("one pass that was ended goes on to the same catalog")
    func resumingOnePass() throws {
        let tiny = try TinyCollection()
        var collection = tiny.collection(1, of: 1)
        collection.resumes = true
        let checkpoint = tiny.folder.path("checkpoint")
        let resumed = try tiny.content { catalog in
            var left = 8
            #expect(throws: CancellationError.self) {
                _ = try collection.run(
                    into: catalog, checkpoint: checkpoint,
                    isCancelled: {
                        left -= 1
                        return left < 0
                    })
            }
            let header = try PartFile.header(checkpoint)
            #expect(header.done > 0 && !header.isFinished)
            _ = try collection.run(into: catalog, checkpoint: checkpoint)
        }
        #expect(try resumed == tiny.onePass())
        #expect(!FileManager.default.fileExists(atPath: checkpoint))
    }

    @Test("a finished part is left alone")
    func finished() throws {
        let tiny = try TinyCollection(texts: 12)
        let path = try tiny.part(1, of: 2)
        var collection = tiny.collection(1, of: 2)
        collection.resumes = true
        let header = try collection.write(to: path, isCancelled: { true })
        #expect(header.isFinished)
    }

    // MARK: What is refused

    private func refusal(_ tiny: TinyCollection, _ parts: [String]) -> String {
        do {
            _ = try tiny.merged(parts)
            return "nothing"
        } catch let error as any UserFacingError {
            return error.description
        } catch { return "\(error)" }
    }

    @Test("missing, repeated and unfinished parts are told by name")
    func sets() throws {
        let tiny = try TinyCollection(texts: 24)
        let parts = try (1...3).map { try tiny.part($0, of: 3) }
        #expect(refusal(tiny, [parts[0], parts[2]]) == "shard 2/3 is missing")
        #expect(refusal(tiny, [parts[1]]) == "the shards 1/3, 3/3 are missing")
        #expect(refusal(tiny, [parts[0], parts[1], parts[0]]) == "\(parts[0]) and \(parts[0]) are both shard 1/3")
        let other = try tiny.part(1, of: 2)
        #expect(refusal(tiny, [parts[0], other]) == "\(other) is shard 1/2, but \(parts[0]) is shard 1/3")

        let path = tiny.folder.path("ended.topsail")
        var left = 2
        #expect(throws: CancellationError.self) {
            _ = try tiny.collection(1, of: 1).write(
                to: path,
                isCancelled: {
                    left -= 1
                    return left < 0
                })
        }
        let checkpoint = PartCollection.checkpointPath(ofPart: path)
        #expect(refusal(tiny, [checkpoint]).hasPrefix("\(checkpoint) is not finished: "))
    }

    @Test("parts of another collection are refused with what differs")
    func stamps() throws {
        let tiny = try TinyCollection(texts: 24)
        let first = try tiny.part(1, of: 2)
        let changes: [(String, (inout CatalogBuild) -> Void)] = [
            ("corpus", { $0.texts[3].text += " More." }),
            ("number of contexts", { $0.collection.contexts = 4 }),
            ("precision", { $0.collection.precision = .exact }),
            ("share of held-out documents", { $0.split.fraction = 0.1 }),
            ("size of chunks", { $0.collection.chunkTokens = 200 }),
            ("choice of counted tokens", { $0.scope = .all }),
            ("set of SAEs", { $0.members[0].sha256 = "00" }),
            ("model", { $0.modelSHA256 = "00" }),
        ]
        for (what, change) in changes {
            var other = tiny
            change(&other.build)
            let second = other.folder.path("second.topsail")
            _ = try other.collection(2, of: 2).write(to: second)
            #expect(
                refusal(tiny, [first, second]) == "\(second) was collected with another \(what) than \(first)")
            let matching = try tiny.part(2, of: 2)
            #expect(
                refusal(other, [first, matching])
                    == "\(first) was collected with another \(what) than this command names")
            // Nor is such a part gone on from.
            var resumed = tiny.collection(2, of: 2)
            resumed.resumes = true
            #expect(throws: PartError.self) { _ = try resumed.write(to: second) }
        }
    }

    @Test("damage anywhere is noticed, and other files are no parts")
    func damage() throws {
        let tiny = try TinyCollection(texts: 12)
        let path = try tiny.part(1, of: 1)
        let good = try tiny.bytes(path)
        var random = TopsailTestSupport.SeededGenerator(seed: 3)
        for _ in 0..<40 {
            var bad = good
            bad[Int.random(in: 0..<bad.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try bad.write(to: URL(fileURLWithPath: path))
            #expect(throws: PartError.self) { _ = try tiny.merged([path]) }
        }
        for length in [0, 10, 100, good.count / 2, good.count - 1] {
            try good.prefix(length).write(to: URL(fileURLWithPath: path))
            #expect(throws: PartError.self) { _ = try tiny.merged([path]) }
        }
        #expect(!PartFile.isPart(path: "/nowhere"))
    }
}
