import Foundation
import Testing
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTestSupport

/// The real model against transformers in fp32 on its dequantised weights.
@Suite(
    "SmolLM2-135M-Instruct",
    .enabled(if: TestModel.path != nil, "the model file is not there; run topsail setup"),
    .enabled(if: Fixtures.has("gguf/smollm2-135m-instruct-q4_1"), "needs the shared fixtures"))
struct SmolLM2Tests {
    let model: LanguageModel
    let expected: SafetensorsFile
    let prompts: [JSONValue]
    let reference: JSONValue

    init() throws {
        model = try LanguageModel.open(path: #require(TestModel.path))
        expected = try Fixtures.tensors("gguf/smollm2-135m-instruct-q4_1/expected.safetensors")
        reference = try Fixtures.json("gguf/smollm2-135m-instruct-q4_1/case.json")
        prompts = try #require(reference["prompts"].array)
    }

    @Test("hooks agree to 2e-3 of a vector's root mean square, top logits to 0.005") func activations() throws {
        let session = ModelSession(model, precision: .exact)
        for (index, prompt) in prompts.enumerated() {
            let ids = tokens(prompt["ids"])
            let sites: [HookSite] = [.residPost, .mlpOut]
            let points =
                sites.flatMap { site in [0, 14, 29].map { HookPoint(site, layer: $0) } } + [HookPoint(.finalNorm)]
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

    @Test("24-token greedy continuations are equal") func greedy() throws {
        let session = ModelSession(model, precision: .exact)
        for prompt in prompts {
            var sampler = Sampler(.greedy, seed: 0)
            let generated = try session.generate(
                after: tokens(prompt["ids"]), limits: GenerationLimits(maxTokens: 24, stopsAtEnd: false),
                sampler: &sampler)
            #expect(generated == tokens(prompt["greedy"]))
        }
    }

    @Test(
        "the fast mode stays close and keeps the best token",
        .enabled(if: Precision.fast.isNarrowed, "fast equals exact here"))
    func fast() throws {
        let session = ModelSession(model, precision: .fast)
        var agreeing = 0, total = 0
        for (index, prompt) in prompts.enumerated() {
            let ids = tokens(prompt["ids"])
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

    @Test("the loss of a paragraph and of a long text agree to 0.001") func loss() throws {
        for text in [reference["paragraph"], reference["long"]] {
            let ids = tokens(text["ids"])
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

    @Test("conversations are rendered and tokenised as the template does") func chat() throws {
        for record in try Fixtures.jsonLines("tokenizers/smollm2/chat.jsonl") where record["error"].isNull {
            let messages = (record["messages"].array ?? []).map {
                ChatMessage(role: $0["role"].string ?? "", content: $0["content"].string ?? "")
            }
            let prompt = record["add_generation_prompt"].bool ?? false
            let template = try model.requireChatTemplate()
            #expect(try template.render(messages, addGenerationPrompt: prompt) == record["rendered"].string)
            #expect(try model.encode(messages: messages, addGenerationPrompt: prompt) == tokens(record["ids"]))
        }
    }

    private func tokens(_ value: JSONValue) -> [TokenID] { (value.ints ?? []).map { TokenID($0) } }

    private func expectNear(_ values: UnsafeBufferPointer<Float>, _ expected: [Float], _ name: String) {
        let rms = (expected.reduce(0) { $0 + $1 * $1 } / Float(expected.count)).squareRoot()
        let worst = zip(values, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= 2e-3 * rms, "\(name)")
    }
}
