import Testing
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTestSupport

/// Tiny Llama models against transformers in fp32 on the same weights.
@Suite("Llama models in GGUF", .enabled(if: Fixtures.has("gguf/llama-f32"), "needs the shared fixtures"))
struct GGUFModelTests {
    static let cases = ["llama-f32", "llama-q8_0", "llama-mixed", "llama3-rope-f16"]

    @Test("activations and logits agree with the reference", arguments: cases)
    func activations(name: String) throws {
        let model = try LanguageModel.open(path: Fixtures.path("gguf/\(name)/model.gguf"))
        let expected = try Fixtures.tensors("gguf/\(name)/expected.safetensors")
        for prompt in ["p0", "p1"] {
            let points = expected.tensors.compactMap { info in
                info.name.hasPrefix("\(prompt).") ? HookPoint(String(info.name.dropFirst(3))) : nil
            }
            #expect(points.count > 5)
            var seen: Set<HookPoint> = []
            let session = ModelSession(model, precision: .exact)
            let hooks = HookSet(Set(points)) { activation in
                seen.insert(activation.point)
                let name = "\(prompt).\(activation.point)"
                expectNear(activation.values, try expected.floats(name), name)
            }
            let logits = try session.read(Self.ids(expected, prompt), hooks: hooks, logits: .all).takeLogits()
            #expect(seen == Set(points))
            expectNear(logits.pointer, try expected.floats("\(prompt).logits"), "\(prompt).logits")
        }
    }

    @Test("greedy continuations are equal", arguments: cases)
    func greedy(name: String) throws {
        let model = try LanguageModel.open(path: Fixtures.path("gguf/\(name)/model.gguf"))
        let expected = try Fixtures.tensors("gguf/\(name)/expected.safetensors")
        let continuations = try #require(try Fixtures.json("gguf/\(name)/case.json")["greedy"].array)
        for (index, continuation) in continuations.enumerated() {
            var sampler = Sampler(.greedy, seed: 0)
            let generated = try ModelSession(model, precision: .exact).generate(
                after: Self.ids(expected, "p\(index)"), maxTokens: 12, sampler: &sampler, stopAtEnd: false)
            #expect(generated.map(Int.init) == continuation.ints)
        }
    }

    @Test("text becomes the reference's ids", arguments: cases)
    func tokens(name: String) throws {
        let model = try LanguageModel.open(path: Fixtures.path("gguf/\(name)/model.gguf"))
        for prompt in try #require(try Fixtures.json("gguf/\(name)/case.json")["prompts"].array) {
            let ids = model.tokenizer.encode(prompt["text"].string ?? "", addSpecial: false, parseSpecial: false)
            let expected = try #require(prompt["ids"].ints)
            #expect(ids.map(Int.init) == expected || [Int(model.tokenizer.bos ?? -1)] + ids.map(Int.init) == expected)
        }
    }

    @Test("architectures that are not there yet are named", arguments: ["gpt2-f16", "gemma3-q8_0", "qwen2-f32"])
    func otherFamilies(name: String) throws {
        let error = #expect(throws: ModelError.self) {
            try LanguageModel.open(path: Fixtures.path("gguf/\(name)/model.gguf"))
        }
        #expect(error?.description.contains("is not supported") == true)
    }

    private static func ids(_ file: SafetensorsFile, _ prompt: String) throws -> [TokenID] {
        try file.floats("\(prompt).input_ids").map { TokenID($0) }
    }

    /// Absolute and relative 2e-4, as the fixture states.
    private func expectNear(_ values: UnsafePointer<Float>, _ expected: [Float], _ name: String) {
        let far = expected.indices.first { abs(values[$0] - expected[$0]) > 2e-4 + 2e-4 * abs(expected[$0]) }
        if let far {
            Issue.record("\(name)[\(far)]: \(values[far]), expected \(expected[far])")
        }
    }
}
