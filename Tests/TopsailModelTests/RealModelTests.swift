import Foundation
import Testing
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTestSupport

/// A published model, and what transformers computed with it in fp32 on its dequantised weights.
struct RealModel: CustomTestStringConvertible, Sendable {
    let name: String
    let path: String
    /// Sites that the reference has, besides `final_norm`.
    let sites: [HookSite]

    var testDescription: String { name }

    /// Those whose files are there.
    static let all: [RealModel] = [
        ("smollm2-135m-instruct-q4_1", TestModel.path, [.residPost, .mlpOut]),
        ("gemma-3-270m-q4_k_m", TestModel.gemmaPath, [.residPost, .mlpOut, .mlpOutRaw]),
    ].compactMap { name, path, sites in
        path.flatMap { Fixtures.has("gguf/\(name)") ? RealModel(name: name, path: $0, sites: sites) : nil }
    }

    func open() throws -> LanguageModel { try LanguageModel.open(path: path) }
    func expected() throws -> SafetensorsFile { try Fixtures.tensors("gguf/\(name)/expected.safetensors") }
    func reference() throws -> JSONValue { try Fixtures.json("gguf/\(name)/case.json") }
    func prompts() throws -> [JSONValue] { try #require(try reference()["prompts"].array) }

    static func tokens(_ value: JSONValue) -> [TokenID] { (value.ints ?? []).map { TokenID($0) } }
}

@Suite("Real models", .enabled(if: !RealModel.all.isEmpty, "needs the shared fixtures and a model: topsail setup"))
struct RealModelTests {
    @Test("hooks agree to 2e-3 of a vector's root mean square, top logits to 0.005", arguments: RealModel.all)
    func activations(real: RealModel) throws {
        let session = ModelSession(try real.open(), precision: .exact)
        let expected = try real.expected()
        let layers = try #require(try real.reference()["layers"].ints)
        let points =
            real.sites.flatMap { site in layers.map { HookPoint(site, layer: $0) } } + [HookPoint(.finalNorm)]
        for (index, prompt) in try real.prompts().enumerated() {
            let ids = RealModel.tokens(prompt["ids"])
            var compared = 0
            let hooks = HookSet(Set(points)) { activation in
                let name = "p\(index).\(activation.point)"
                let last = activation.values + (activation.rows - 1) * activation.width
                expectNear(
                    UnsafeBufferPointer(start: last, count: activation.width), try expected.floats("\(name).last"), name
                )
                let norms = try expected.floats("\(name).norm")
                for row in 0..<activation.rows {
                    let values = UnsafeBufferPointer(
                        start: activation.values + row * activation.width, count: activation.width)
                    let norm = values.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
                    #expect(abs(norm - norms[row]) <= 1e-3 * norms[row], "\(name) row \(row)")
                }
                compared += 1
            }
            let logits = try session.read(ids, hooks: hooks, logits: .last, recomputing: ids.count).takeLogits()
            #expect(compared == points.count)
            let top = zip(try expected.floats("p\(index).top_ids"), try expected.floats("p\(index).top_logits"))
            for (id, logit) in top { #expect(abs(logits.pointer[Int(id)] - logit) <= 0.005) }
        }
    }

    @Test("texts become the reference's ids", arguments: RealModel.all)
    func tokens(real: RealModel) throws {
        let model = try real.open()
        for prompt in try real.prompts() {
            let text = prompt["text"].string ?? ""
            // Prompts rendered by Gemma's template spell their BOS out.
            let ids = model.tokenizer.encode(text, addSpecial: !text.hasPrefix("<bos>"), parseSpecial: true)
            #expect(ids == RealModel.tokens(prompt["ids"]))
        }
    }

    @Test("24-token greedy continuations are equal", arguments: RealModel.all)
    func greedy(real: RealModel) throws {
        let session = ModelSession(try real.open(), precision: .exact)
        for prompt in try real.prompts() {
            var sampler = Sampler(.greedy, seed: 0)
            let generated = try session.generate(
                after: RealModel.tokens(prompt["ids"]), limits: GenerationLimits(maxTokens: 24, stopsAtEnd: false),
                sampler: &sampler)
            #expect(generated == RealModel.tokens(prompt["greedy"]))
        }
    }

    @Test(
        "the fast mode stays close and keeps the best token",
        .enabled(if: Precision.fast.isNarrowed, "fast equals exact here"), arguments: RealModel.all)
    func fast(real: RealModel) throws {
        let session = ModelSession(try real.open(), precision: .fast)
        let expected = try real.expected()
        var agreeing = 0, total = 0
        for (index, prompt) in try real.prompts().enumerated() {
            let ids = RealModel.tokens(prompt["ids"])
            let logits = try session.read(ids, logits: .all, recomputing: ids.count).takeLogits()
            let best = try expected.floats("p\(index).argmax")
            for row in 0..<ids.count {
                let values = logits.row(row)
                let argmax = values.indices.max { values[$0] < values[$1] }
                agreeing += argmax == Int(best[row]) ? 1 : 0
                total += 1
            }
        }
        #expect(Double(agreeing) >= 0.95 * Double(total), "\(agreeing) of \(total)")
    }

    /// The long text is longer than Gemma's window of 512.
    @Test("the loss of a paragraph and of a long text agree to 0.001", arguments: RealModel.all)
    func loss(real: RealModel) throws {
        let model = try real.open()
        for text in [try real.reference()["paragraph"], try real.reference()["long"]] {
            let ids = RealModel.tokens(text["ids"])
            let logits = try ModelSession(model, precision: .exact).read(ids, logits: .all).takeLogits()
            var sum = 0.0
            for row in 0..<ids.count - 1 {
                let values = logits.row(row)
                let largest = Double(values.max()!)
                let normaliser = largest + log(values.reduce(0.0) { $0 + exp(Double($1) - largest) })
                sum += normaliser - Double(values[Int(ids[row + 1])])
            }
            let mean = try #require(text["mean_nll"].double)
            #expect(abs(sum / Double(ids.count - 1) - mean) < 0.001)
        }
    }

    @Test(
        "conversations are rendered and tokenised as SmolLM2's template does",
        .enabled(if: TestModel.path != nil, "the model file is not there; run topsail setup"))
    func chat() throws {
        let model = try LanguageModel.open(path: #require(TestModel.path))
        for record in try Fixtures.jsonLines("tokenizers/smollm2/chat.jsonl") where record["error"].isNull {
            let messages = (record["messages"].array ?? []).map {
                ChatMessage(role: $0["role"].string ?? "", content: $0["content"].string ?? "")
            }
            let prompt = record["add_generation_prompt"].bool ?? false
            let template = try model.requireChatTemplate()
            #expect(try template.render(messages, addGenerationPrompt: prompt) == record["rendered"].string)
            let ids = try model.encode(messages: messages, addGenerationPrompt: prompt)
            #expect(ids == RealModel.tokens(record["ids"]))
        }
    }

    private func expectNear(_ values: UnsafeBufferPointer<Float>, _ expected: [Float], _ name: String) {
        let rms = (expected.reduce(0) { $0 + $1 * $1 } / Float(expected.count)).squareRoot()
        let worst = zip(values, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= 2e-3 * rms, "\(name)")
    }
}
