import Foundation
import Testing
import TopsailCore
import TopsailFiles
import TopsailSAE
import TopsailTestSupport

/// Checkpoints written and run by SAELens 6.54.12.
@Suite("SAELens checkpoints", .enabled(if: Fixtures.has("sae"), "the fixtures are not beside the repository"))
struct SAELensFixtureTests {
    static let cases = [
        "saelens-topk", "saelens-topk-fp16", "saelens-topk-rescale", "saelens-topk-rescale-folded",
        "saelens-v4-openai-style-topk", "saelens-standard", "saelens-standard-constnorm",
        "saelens-standard-expected-average", "saelens-standard-expected-average-folded", "saelens-standard-hookz",
        "saelens-standard-layernorm", "saelens-standard-no-bdec-input", "saelens-v3-standard", "saelens-v5-standard",
        "saelens-jumprelu", "saelens-jumprelu-bf16", "saelens-batchtopk", "saelens-matryoshka",
    ]

    @Test("features and reconstructions agree with SAELens", arguments: cases)
    func agrees(id: String) throws {
        let folder = Fixtures.url("sae/\(id)")
        let description = try JSONDecoder().decode(
            Case.self, from: Data(contentsOf: folder.appending(path: "case.json")))
        let sae = try SAELoader.open(
            path: folder.appending(path: description.checkpoint).path, options: description.textOptions)
        let expected = try SafetensorsFile(path: folder.appending(path: "expected.safetensors").path)
        let (dIn, dSAE) = (sae.info.dIn, sae.info.dSAE)
        let input = try expected.floats("input")
        let tokens = input.count / dIn

        var reconstruction = [Float](repeating: .nan, count: tokens * sae.info.dOut)
        let features = sae.reconstruct(input, tokens: tokens, into: &reconstruction)
        var dense = [Float](repeating: 0, count: tokens * dSAE)
        for (token, row) in features.enumerated() {
            for feature in row { dense[token * dSAE + Int(feature.index)] = feature.value }
            #expect(row == row.sorted { ($1.value, $0.index) < ($0.value, $1.index) }, "token \(token) is out of order")
        }

        let wanted = try expected.floats("features")
        expectClose(dense, wanted, description.tolerance, "features")
        #expect(zip(dense, wanted).allSatisfy { ($0 != 0) == ($1 != 0) }, "the active sets differ")
        expectClose(reconstruction, try expected.floats("reconstruction"), description.tolerance, "reconstruction")
    }

    @Test("many rows give what single rows give", arguments: ["saelens-topk", "saelens-jumprelu"])
    func blocksAgreeWithRows(id: String) throws {
        let folder = Fixtures.url("sae/\(id)")
        let sae = try SAELoader.open(path: folder.appending(path: "ckpt").path)
        let seven = try SafetensorsFile(path: folder.appending(path: "expected.safetensors").path).floats("input")
        let few = sae.encode(seven, tokens: 7)
        let many = sae.encode((0..<43).flatMap { _ in seven }, tokens: 301)
        for (token, row) in many.enumerated() {
            #expect(row.map(\.index) == few[token % 7].map(\.index))
            for (a, b) in zip(row, few[token % 7]) { #expect(abs(a.value - b.value) < 1e-5) }
        }
    }

    @Test("information comes from the configuration")
    func information() throws {
        let sae = try SAELoader.open(path: Fixtures.url("sae/saelens-v4-openai-style-topk/ckpt").path, name: "oai")
        #expect(sae.info.name == "oai")
        #expect(sae.info.format == "saelens")
        #expect(sae.info.architecture == .topk)
        #expect(sae.info.hook == HookPoint(.residPost, layer: 8))
        #expect(sae.info.model == "gpt2-small")
        #expect((sae.info.dIn, sae.info.dSAE, sae.info.dOut) == (24, 96, 24))
        #expect(sae.info.parameters["k"] == .int(8))
    }

    @Test(
        "a broken checkpoint is refused with the name of what is wrong",
        arguments: [("missing-tensor", "W_dec"), ("wrong-shape", "b_enc"), ("empty-file", "cfg.json|sae_weights")])
    func refusals(id: String, name: String) throws {
        let message = try #require(failure { try SAELoader.open(path: Fixtures.url("sae/bad/\(id)/ckpt").path) })
        #expect(name.split(separator: "|").contains { message.contains($0) }, "\(message)")
    }

    private struct Case: Decodable {
        struct Tolerance: Decodable { let abs, rel: Float }
        let checkpoint: String
        let tolerance: Tolerance
        let options: [String: ConfigurationValue]
        var textOptions: [String: String] { options.mapValues(\.description) }
    }

    private func expectClose(_ found: [Float], _ wanted: [Float], _ tolerance: Case.Tolerance, _ what: String) {
        #expect(found.count == wanted.count)
        let worst = zip(found, wanted).map { abs($0 - $1) - tolerance.rel * abs($1) }.max() ?? 0
        #expect(
            worst <= tolerance.abs && zip(found, wanted).allSatisfy { !($0 - $1).isNaN }, "\(what): off by \(worst)")
    }
}

/// The text of what is thrown; `nil` when nothing is.
func failure(_ body: () throws -> some Any) -> String? {
    do {
        _ = try body()
        return nil
    } catch {
        return "\(error)"
    }
}
