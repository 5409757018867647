import Foundation
import Testing
import TopsailFiles
import TopsailSAE
import TopsailTestSupport

@Suite("Converting to SAELens layout", .enabled(if: Fixtures.has("sae"), "the fixtures are not beside the repository"))
struct ConversionTests {
    /// What that layout has no words for.
    static let refused: Set<String> = [
        "adaptivek", "batchtopk-repo", "llamascopium-batchtopk", "llamascopium-inference", "llamascopium-topk",
        "safesail-jumprelu",
        "safesail-stack", "safesail-topk", "safesail-topk-ties", "sparsify-groupmax", "sparsify-skip-transcoder",
        "switch-sae", "topafa-repo",
    ]

    @Test("what is written has the same features and reconstructions", arguments: CheckpointCase.all("encode"))
    func roundTrip(id: String) throws {
        let golden = try CheckpointCase.read(id)
        let folder = try TemporaryFolder()
        let sae = try SAELoader.open(
            path: Fixtures.path("sae/\(id)/\(golden.checkpoint)"), options: golden.textOptions)
        if Self.refused.contains(id) {
            let message = try #require(failure { try SAELensWriter().write(sae, to: folder.path("out")) })
            #expect(message.contains("not supported"), "\(message)")
            #expect(!FileManager.default.fileExists(atPath: folder.path("out/cfg.json")))
            return
        }
        try SAELensWriter().write(sae, to: folder.path("out"))
        let back = try SAELoader.open(path: folder.path("out"))
        #expect(back.info.format == "saelens")
        let input = try Fixtures.tensors("sae/\(id)/expected.safetensors").floats("input")
        let (wanted, found) = (DenseResult(sae, input), DenseResult(back, input))
        let (features, reconstruction) = (
            excess(found.features, wanted.features), excess(found.reconstruction, wanted.reconstruction)
        )
        #expect(features <= 0 && reconstruction <= 0, "\(features) and \(reconstruction) beyond the tolerance")
        #expect(zip(found.features, wanted.features).allSatisfy { ($0 != 0) == ($1 != 0) }, "the active sets differ")
    }
}
