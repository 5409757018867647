import Foundation
import Testing
import TopsailFiles
import TopsailSAE
import TopsailTestSupport

@Suite(
    "Checkpoints of every ecosystem", .enabled(if: Fixtures.has("sae"), "the fixtures are not beside the repository"))
struct CheckpointFixtureTests {
    @Test(
        "features and reconstructions agree with the ecosystem's own library", arguments: CheckpointCase.all("encode"))
    func agrees(folder: String) throws {
        let golden = try CheckpointCase.read(folder)
        let sae = try SAELoader.open(
            path: Fixtures.path("sae/\(folder)/\(golden.checkpoint)"), options: golden.textOptions)
        #expect(sae.info.format == golden.ecosystem)
        #expect(sae.info.architecture.rawValue == golden.architecture)
        #expect(sae.info.dIn == golden.dIn && sae.info.dSAE == golden.dSAE)
        #expect(sae.info.hasDecoder == (golden.dOut != nil))
        let expected = try Fixtures.tensors("sae/\(folder)/expected.safetensors")
        let found = DenseResult(sae, try expected.floats("input"))
        let tolerance = golden.tolerance ?? .init(abs: 1e-4, rel: 1e-4)
        let features = try expected.floats("features")
        let off = excess(found.features, features, abs: tolerance.abs, rel: tolerance.rel)
        #expect(off <= 0, "features are off by \(off) beyond the tolerance")
        #expect(zip(found.features, features).allSatisfy { ($0 != 0) == ($1 != 0) }, "the active sets differ")
        guard expected.info("reconstruction") != nil else { return }
        let reconstruction = try expected.floats("reconstruction")
        let distance = excess(found.reconstruction, reconstruction, abs: tolerance.abs, rel: tolerance.rel)
        #expect(distance <= 0, "reconstructions are off by \(distance) beyond the tolerance")
    }

    @Test("many rows give what few rows give", arguments: CheckpointCase.all("encode"))
    func blocks(folder: String) throws {
        let golden = try CheckpointCase.read(folder)
        let sae = try SAELoader.open(
            path: Fixtures.path("sae/\(folder)/\(golden.checkpoint)"), options: golden.textOptions)
        guard !sae.needsWholeSequence else { return }
        let seven = try Fixtures.tensors("sae/\(folder)/expected.safetensors").floats("input")
        let few = DenseResult(sae, seven)
        let many = DenseResult(sae, (0..<6).flatMap { _ in seven })
        let off = excess(many.features, (0..<6).flatMap { _ in few.features }, abs: 2e-5)
        #expect(off <= 0, "off by \(off)")
        #expect(excess(many.reconstruction, (0..<6).flatMap { _ in few.reconstruction }, abs: 1e-4) <= 0)
    }

    @Test(
        "a file is as good as its folder, and a folder above as good as either",
        arguments: ["gemmascope-res", "goodfire"])
    func places(folder: String) throws {
        let golden = try CheckpointCase.read(folder)
        let input = try Fixtures.tensors("sae/\(folder)/expected.safetensors").floats("input")
        let own = try SAELoader.open(path: Fixtures.path("sae/\(folder)/\(golden.checkpoint)"))
        let above = try SAELoader.open(path: Fixtures.path("sae/\(folder)/ckpt"))
        #expect(DenseResult(own, input).features == DenseResult(above, input).features)
        #expect(above.info.layer == own.info.layer && own.info.layer != nil)
    }

    @Test(
        "broken and hostile checkpoints are refused, naming what is wrong",
        arguments: CheckpointCase.all("bad", in: "bad"))
    func refusals(folder: String) throws {
        let golden = try CheckpointCase.read(folder)
        guard golden.fails?.contains("info") == true else { return }
        let path = Fixtures.path("sae/\(folder)/\(golden.checkpoint)")
        let message = try #require(failure { try SAELoader.open(path: path, options: ["k": "4"]) })
        for name in golden.names ?? [] { #expect(message.contains(name), "\(message)") }
        for path in golden.mustNotExist ?? [] { #expect(!FileManager.default.fileExists(atPath: path)) }
    }

    @Test("a check names the tensors that hold NaN and infinity")
    func nonFinite() throws {
        let report = try CheckpointReport(path: Fixtures.path("sae/bad/nan-weights/ckpt"))
        #expect(report.damages.first { $0.tensor == "W_enc" }?.nan == 1)
        #expect(report.damages.first { $0.tensor == "b_enc" }?.infinite == 1)
        #expect(!report.nonFiniteNeurons.isEmpty && !report.isSound)
        let sound = try CheckpointReport(path: Fixtures.path("sae/saelens-topk/ckpt"))
        #expect(sound.isSound && sound.tensors == 4 && sound.deadRows.isEmpty)
    }

    @Test("quantiles and normalised activations agree with Safe-SAIL")
    func quantiles() throws {
        let folder = "sae/safesail-quantile"
        let expected = try Fixtures.tensors("\(folder)/expected.safetensors")
        let options = try Fixtures.json("\(folder)/case.json")["options"]
        let tails = try TailQuantiles(
            path: Fixtures.path("\(folder)/ckpt/quantile_layer17.pt"), total: options["N"].int)
        let wanted = try expected.floats("quantile_values")
        let quantiles = try #require(options["quantiles"].array).compactMap(\.double)
        for (row, q) in quantiles.enumerated() {
            let found = (0..<tails.neurons).map { Float(tails.quantile(q, neuron: $0) ?? .nan) }
            let own = Array(wanted[row * tails.neurons..<(row + 1) * tails.neurons])
            #expect(excess(found, own, abs: 1e-6, rel: 1e-5) <= 0, "quantile \(q)")
        }
        #expect(tails.quantile(0.5, neuron: 0) == nil)
        let input = try expected.floats("input")
        let finite = try expected.integers("normalised_finite")
        let normalised = try expected.floats("normalised")
        for i in input.indices {
            let found = tails.normalised(input[i], neuron: i % tails.neurons)
            #expect((found != nil) == (finite[i] != 0))
            if let found { #expect(abs(Float(found) - normalised[i]) <= 1e-5 * max(1, abs(normalised[i]))) }
        }
        let indices = try NeuronIndices.read(Fixtures.path("\(folder)/ckpt/indices_layer17.pt"))
        #expect(try indices == expected.integers("indices"))
    }
}

@Suite("What checkpoints cannot say", .enabled(if: Fixtures.has("sae"), "the fixtures are not beside the repository"))
struct CheckpointOptionTests {
    private func message(_ path: String, _ options: [String: String] = [:], format: String? = nil) throws -> String {
        try #require(
            failure { try SAELoader.open(path: Fixtures.path("sae/\(path)"), format: format, options: options) })
    }

    @Test("a value that is needed and missing is named")
    func missing() throws {
        #expect(try message("safesail-topk/ckpt/ckpt_layer17.pt").contains("does not say k"))
    }

    @Test("options that make no sense are named with what was expected")
    func senseless() throws {
        let path = "safesail-stack/ckpt/ckpt_layer26.pt"
        #expect(try message(path, ["k": "0"]).contains("option k"))
        #expect(try message(path, ["k": "4", "model_index": "2"]).contains("model_index"))
        #expect(try message(path, ["colour": "4"]).contains("colour"))
        #expect(
            try message("e2e-sae/ckpt", ["position": "blocks.1.hook_resid_pre"]).contains("blocks.6.hook_resid_pre"))
        #expect(try message("saelens-topk/ckpt", format: "nonsense").contains("nonsense"))
    }

    @Test("the repository's name says the site, the layer may be said")
    func repository() throws {
        let path = Fixtures.path("sae/gemmascope-res/ckpt")
        #expect(try SAELoader.open(path: path).info.hook == nil)
        let info = try SAELoader.open(path: path, options: ["repository": "google/gemma-scope-2b-pt-res"]).info
        #expect(info.hook?.description == "resid_post.20" && info.model == "google/gemma-2-2b")
        let other = try SAELoader.open(
            path: path, options: ["repository": "google/gemma-scope-9b-it-mlp", "layer": "3"])
        #expect(other.info.hook?.description == "mlp_out.3" && other.info.model == "google/gemma-2-9b-it")
    }

    @Test("k comes from the repository's name where the ecosystem keeps it there")
    func kOfRepository() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(
            atPath: Fixtures.path("sae/qwenscope/ckpt/SAE-Res-Qwen3-1.7B-Base-W32K-L0_9/layer14.sae.pt"),
            toPath: folder.path("layer14.sae.pt"))
        #expect(failure { try SAELoader.open(path: folder.url.path) }?.contains("does not say k") == true)
        let info = try SAELoader.open(
            path: folder.url.path, options: ["repository": "Qwen/SAE-Res-Qwen3-8B-Base-W64K-L0_50"]
        ).info
        #expect(info.parameters["k"] == .int(50) && info.model == "Qwen/Qwen3-8B-Base")
    }

    @Test("a layout may be forced")
    func forced() throws {
        let sae = try SAELoader.open(path: Fixtures.path("sae/gemmascope-res/ckpt"), format: "plain")
        #expect(sae.info.format == "plain" && sae.info.architecture == .jumprelu)
    }

    @Test("a folder of several layers wants the layer")
    func layers() throws {
        let folder = try TemporaryFolder()
        let file = Fixtures.path("sae/circuit-tracer-transcoder/ckpt/layer_11.safetensors")
        for layer in [3, 11] {
            try FileManager.default.copyItem(atPath: file, toPath: folder.path("layer_\(layer).safetensors"))
        }
        #expect(failure { try SAELoader.open(path: folder.url.path) }?.contains("layer") == true)
        #expect(try SAELoader.open(path: folder.url.path, options: ["layer": "3"]).info.layer == 3)
    }
}
