import Foundation
import Testing
import TopsailFiles
import TopsailTestSupport

@Suite("Model commands", .enabled(if: Fixtures.has("gguf/llama-f32"), "the golden files are not here"))
struct ModelCommandTests {
    private let model = Fixtures.path("gguf/llama-f32/model.gguf")

    @Test("activations and logits agree with the reference, tensor by tensor")
    func activations() throws {
        let program = try Program()
        let test = try Fixtures.json("gguf/llama-f32/case.json")
        let ids = try #require(test["prompts"][1]["ids"].ints)
        let hooks = ["resid_pre.0", "resid_post.0", "resid_post.1", "attn_out.1", "mlp_out.1", "final_norm"]
        let output = program.folder.path("a.safetensors")
        let result = try program.run(
            [
                "activations", "--model", model, "--ids", ids.map(String.init).joined(separator: ","), "--logits",
                "--output", output,
            ]
                + ["--hook"] + hooks)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.isEmpty)
        let found = try SafetensorsFile(path: output)
        let expected = try Fixtures.tensors("gguf/llama-f32/expected.safetensors")
        #expect(try found.integers("input_ids") == ids)
        for name in hooks + ["logits"] {
            let (ours, theirs) = (try found.floats(name), try expected.floats("p1.\(name)"))
            #expect(found.info(name)?.shape == expected.info("p1.\(name)")?.shape, "\(name)")
            let worst = zip(ours, theirs).map { abs($0 - $1) - 2e-4 * abs($1) }.max() ?? .infinity
            #expect(worst < 2e-4, "\(name) differs by \(worst)")
        }
    }

    @Test("greedy generation repeats the reference's tokens")
    func greedy() throws {
        let test = try Fixtures.json("gguf/llama-f32/case.json")
        for (prompt, greedy) in zip(test["prompts"].array ?? [], test["greedy"].array ?? []) {
            let ids = try #require(prompt["ids"].ints).map(String.init).joined(separator: ",")
            let result = try Program().run(
                "generate", "--model", model, "--ids", ids, "--max-tokens", "12", "--json")
            #expect(try result.json()["ids"].ints == greedy.ints, "\(result.errors)")
        }
    }

    @Test("a seed fixes what is sampled")
    func seeds() throws {
        func sample(_ seed: String) throws -> [Int]? {
            try Program().run(
                "generate", "--model", model, "--ids", "5,6,7", "--temperature", "1", "--seed", seed, "--max-tokens",
                "8", "--json"
            ).json()["ids"].ints
        }
        #expect(try sample("1") == sample("1"))
        #expect(try sample("1") != sample("2"))
    }

    @Test("tensors lists names, types and shapes, and extracts")
    func tensors() throws {
        let program = try Program()
        let listed = try program.run("tensors", model, "--json").json()
        let embedding = listed["tensors"].array?.first { $0["name"].string == "token_embd.weight" }
        #expect(embedding?["dtype"].string == "F32")
        #expect(embedding?["shape"].ints == [384, 64])
        #expect(listed["metadata"]["general.architecture"].string == "llama")
        let output = program.folder.path("e.safetensors")
        let result = try program.run(
            "tensors", model, "--extract", "token_embd.weight", "output_norm.weight", "--output", output)
        #expect(result.status == 0, "\(result.errors)")
        let found = try SafetensorsFile(path: output)
        #expect(try found.floats("token_embd.weight") == GGUFFile(path: model).floats("token_embd.weight"))
        #expect(found.tensors.map(\.name).sorted() == ["output_norm.weight", "token_embd.weight"])
    }

    @Test(
        "settings come out whole: numbers above 2^63, arrays in arrays", .enabled(if: Fixtures.has("gguf/odd-metadata"))
    )
    func settings() throws {
        let result = try Program().run("tensors", Fixtures.path("gguf/odd-metadata/model.gguf"), "--json")
        #expect(result.output.contains("\"t.u64\":9223372036854775813,"), "\(result.output)")
        #expect(result.output.contains("\"a.nested\":[[1,2],[3]]"), "\(result.output)")
        #expect(result.output.contains("\"t.f64\":1e-300,"))
    }

    @Test("setup takes a model file, which then is the default")
    func ownModel() throws {
        let program = try Program()
        let file = program.folder.path("little.gguf")
        try FileManager.default.copyItem(atPath: model, toPath: file)
        #expect(try program.run("setup", "--offline", "--model", file).status == 0)
        try FileManager.default.removeItem(atPath: file)
        #expect(try program.run("--json").json()["default_model"].string == "little")
        let result = try program.run("generate", "--ids", "5,6,7", "--max-tokens", "4", "--json")
        #expect(try result.json()["ids"].ints?.count == 4, "\(result.errors)")
        #expect(try program.run("setup", "--json").json()["steps"].array?.last?["outcome"].string == "present")
    }

    @Test("what cannot be read is an error, and no output file appears")
    func failures() throws {
        let program = try Program()
        let output = program.folder.path("a.safetensors")
        let cases: [(model: String, hook: String, sentence: String)] = [
            (Fixtures.path("bad/gguf-truncated/model.gguf"), "resid_post.0", "ends too soon"),
            (program.folder.path("nothing.gguf"), "resid_post.0", "there is no model"),
            (model, "resid_post.7", "resid_post.7"),
        ]
        for test in cases {
            let result = try program.run(
                "activations", "--model", test.model, "--ids", "5,6", "--hook", test.hook, "--output", output)
            #expect(result.status == 1)
            #expect(result.errors.hasPrefix("error: "), "\(result.errors)")
            #expect(result.errors.contains(test.sentence), "\(result.errors)")
        }
        let result = try program.run(
            "activations", "--model", model, "--ids", "5,60000", "--logits", "--output", output)
        #expect(result.status == 1)
        #expect(result.errors.contains("60000"))
        let files = try FileManager.default.contentsOfDirectory(atPath: program.folder.url.path)
        #expect(!files.contains { $0.hasSuffix(".safetensors") || $0.hasSuffix(".partial") }, "\(files)")
    }
}
