import Foundation
import Testing
import TopsailSAE
import TopsailTestSupport

@Suite("SAELens configurations that cannot be used", .enabled(if: Fixtures.has("sae"), "the fixtures are not there"))
struct SAELensConfigurationTests {
    /// A good checkpoint with one key of its configuration replaced.
    private func open(_ key: String, _ value: ConfigurationValue?) throws -> any SparseAutoencoder {
        let folder = try TemporaryFolder()
        let good = Fixtures.url("sae/saelens-topk/ckpt")
        try FileManager.default.copyItem(
            at: good.appending(path: "sae_weights.safetensors"),
            to: folder.url.appending(path: "sae_weights.safetensors"))
        var values = try JSONDecoder().decode(
            [String: ConfigurationValue].self, from: Data(contentsOf: good.appending(path: "cfg.json")))
        values[key] = value
        try JSONEncoder().encode(values).write(to: folder.url.appending(path: "cfg.json"))
        return try SAELoader.open(path: folder.url.path)
    }

    @Test(
        "an error names the key",
        arguments: [
            ("d_in", nil), ("d_in", .string("24")), ("d_sae", .int(-5)), ("d_sae", .number(9.5)), ("k", nil),
            ("k", .int(0)),
            ("apply_b_dec_to_input", .string("yes")), ("normalize_activations", .string("squash")),
            ("normalize_activations", .int(3)), ("architecture", .string("pyramid")), ("metadata", .string("none")),
        ] as [(String, ConfigurationValue?)])
    func namesKey(key: String, value: ConfigurationValue?) throws {
        let message = try #require(failure { try open(key, value) })
        #expect(message.contains(key), "\(message)")
        #expect(message.contains("cfg.json"), "\(message)")
    }

    @Test("widths that do not fit the weights name the tensor")
    func wrongWidth() throws {
        let message = try #require(failure { try open("d_sae", .int(1 << 30)) })
        #expect(message.contains("W_enc") && message.contains("[24, 96]"), "\(message)")
    }

    @Test("the unchanged configuration opens")
    func control() throws {
        #expect(try open("device", .string("cpu")).info.dSAE == 96)
    }
}
