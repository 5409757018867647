import Foundation
import Testing
import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailPipeline
import TopsailTestSupport

/// The pipeline from a corpus to a packed catalog, on a tiny model.
@Suite("Shipped data", .enabled(if: TinyModel.isThere, "needs the shared fixtures"))
struct ShippedDataTests {
    private let folder: TemporaryFolder
    private let model: LanguageModel
    private let concepts = ["violence.graphic_injury", "cyber.phishing", "hate.stereotype"]

    init() throws {
        folder = try TemporaryFolder()
        model = try TinyModel.open()
        try FileManager.default.createDirectory(atPath: folder.path("Data/corpus"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: ShippedTexts.folder.appendingPathComponent("taxonomy.json").path, toPath: path("taxonomy.json"))
        let texts = TinyModel.texts(90).enumerated().map { index, text in
            CorpusText(id: "\(index)", topic: text.topic, kind: .opening, text: text.text)
        }
        let encoder = JSONEncoder()
        func lines(_ values: [some Encodable]) throws -> Data {
            try values.reduce(into: Data()) { $0 += try encoder.encode($1) + Data([0x0A]) }
        }
        try Gzip.compress(lines(texts)).write(to: URL(fileURLWithPath: path("corpus/corpus.jsonl.gz")))
        let seeds = (0..<12).map {
            CorpusSeed(topic: "general.one", kind: .opening, text: "Day \($0) began with rain.")
        }
        try lines(seeds).write(to: URL(fileURLWithPath: path("corpus/seeds.jsonl")))
        let words = ["wound", "password", "people"]
        let pairs = concepts.indices.flatMap { concept in
            (0..<8).map { index in
                ContrastPair(
                    concept: concepts[concept], present: "The \(words[concept]) number \(index) lay by the door.",
                    absent: "The basket number \(index) lay by the door.")
            }
        }
        try ContrastPair.lines(pairs).write(to: URL(fileURLWithPath: path("pairs.jsonl")))
        let exam = concepts.indices.flatMap { concept in
            (0..<4).map { index in
                PromptToWrite(
                    id: "\(concept).\(index)", text: "A \(words[concept]) was seen \(index) times.",
                    domain: String(concepts[concept].prefix { $0 != "." }), kind: "harmful")
            }
        }
        let everyday = (0..<6).map {
            PromptToWrite(id: "e.\($0)", text: "A lamp was seen \($0) times.", domain: nil, kind: "everyday")
        }
        try lines(exam + everyday).write(to: URL(fileURLWithPath: path("heldout.jsonl")))
        let prompts = concepts.enumerated().map { index, concept in
            PromptToWrite(
                id: "p.\(index)", text: "Nobody saw the \(words[index]).", domain: String(concept.prefix { $0 != "." }),
                concept: concept, kind: "harmful")
        }
        let harmless = PromptToWrite(id: "h", text: "The people waved.", domain: "hate", kind: "benign-lookalike")
        try lines(prompts + [harmless]).write(to: URL(fileURLWithPath: path("prompts.jsonl")))
    }

    private struct PromptToWrite: Encodable {
        var id: String
        var text: String
        var domain: String?
        var concept: String?
        var kind: String
    }

    private func path(_ name: String) -> String { folder.path("Data/\(name)") }

    private func data(_ work: String) -> ShippedData {
        var training = SAETraining.Options(
            hooks: [TinyModel.hook], sparsities: [2, 4], expansion: 2, tokens: 4_000, seed: 1)
        training.batchSize = 256
        training.halfPrecision = true
        var data = ShippedData(
            folder: folder.path("Data"), workFolder: folder.path(work), model: model, modelName: "tiny",
            training: training, choiceHook: TinyModel.hook)
        data.evaluationTokens = 200
        return data
    }

    private func checksums(_ manifest: ShippedData.Manifest) -> [String: String] {
        Dictionary(uniqueKeysWithValues: manifest.files.map { ($0.path, $0.sha256) })
    }

    private func catalog(_ name: String) throws -> Catalog {
        let packed = try Data(contentsOf: URL(fileURLWithPath: path("catalog.sqlite.gz")))
        let target = folder.path(name)
        try Gzip.decompress(packed, limit: 1 << 30).write(to: URL(fileURLWithPath: target))
        return try Catalog(path: target)
    }

    @Test("one run makes SAEs, choice, catalog, assessment and manifest; another makes the same from the inputs")
    func makes() throws {
        let forecast = try data("work").forecast()
        #expect(forecast.trainings.map(\.saes) == [2, 1])
        #expect(forecast.readings.allSatisfy { $0.tokens > 0 } && forecast.readingSeconds > 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path("work")))

        let first = try #require(try data("work").make())
        #expect(first.compared.count == 2 && first.checkpoints.count == 1)
        let sae = try #require(first.checkpoints.first)
        for name in ["choice.json", "assessment.json", "manifest.json", "\(sae.path)/sae_weights.safetensors"] {
            #expect(FileManager.default.fileExists(atPath: path(name)), "\(name)")
        }
        #expect(try catalog("first.sqlite").summary().neurons == 2 * model.configuration.dModel)

        let again = try #require(try data("other-work").make())
        #expect(again.compared == first.compared)
        let weights = "\(sae.path)/sae_weights.safetensors"
        #expect(checksums(again)[weights] == checksums(first)[weights])
        #expect(checksums(again)["assessment.json"] == checksums(first)["assessment.json"])
    }

    @Test("what was written about a neuron is shown as a reader's, if the SAE is the one it was written about")
    func explanations() throws {
        let sae = try #require(try data("work").make()?.checkpoints.first)
        let checksum = try SHA256File.hexDigest(path: path("\(sae.path)/sae_weights.safetensors"))
        try """
        {"sae": "\(sae.name)", "sae_sha256": "\(checksum)", "index": 3, "text": "doors"}
        {"sae": "\(sae.name)", "sae_sha256": "\(String(checksum.reversed()))", "index": 4, "text": "lamps"}
        """.write(toFile: path("explanations.jsonl"), atomically: true, encoding: .utf8)
        let manifest = try #require(try data("work").make())
        #expect(checksums(manifest)["explanations.jsonl"] != nil)
        let catalog = try catalog("explained.sqlite")
        func shown(_ index: Int) throws -> String? {
            let detail = try catalog.neuron(.named(sae: sae.name, index: index))
            return detail.row.explanationSource == NeuronExplanation.readerSource ? detail.row.explanation : nil
        }
        #expect(try shown(3) == "doors")
        #expect(try shown(4) == nil)
        // Nobody who gets the catalog wrote it.
        #expect(try catalog.summary().annotations == 0 && catalog.log().isEmpty)
    }
}
