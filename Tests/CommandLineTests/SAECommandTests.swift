import Foundation
import Testing
import TopsailFiles
import TopsailTestSupport

@Suite("SAE commands", .enabled(if: Fixtures.has("sae/saelens-topk"), "the golden files are not here"))
struct SAECommandTests {
    private let checkpoint = Fixtures.path("sae/saelens-topk/ckpt")

    @Test("info says what a checkpoint is")
    func info() throws {
        let info = try Program().run("sae", "info", checkpoint, "--json").json()
        #expect(info["format"].string == "saelens")
        #expect(info["architecture"].string == "topk")
        #expect(info["hook"].string == "resid_post.6")
        #expect(info["layer"].int == 6)
        #expect([info["d_in"].int, info["d_out"].int, info["d_sae"].int] == [24, 24, 96])
        #expect(info["parameters"]["k"].int == 8)
    }

    @Test("--hook overrides what the checkpoint says")
    func overrides() throws {
        let info = try Program().run("sae", "info", checkpoint, "--hook", "mlp_out.2", "--json").json()
        #expect(info["hook"].string == "mlp_out.2")
        #expect(info["layer"].int == 2)
    }

    @Test("encode agrees with the reference on features and reconstruction")
    func encode() throws {
        let program = try Program()
        let output = program.folder.path("f.safetensors")
        let input = Fixtures.path("sae/saelens-topk/expected.safetensors")
        let result = try program.run("sae", "encode", "--sae", checkpoint, "--input", input, "--output", output)
        #expect(result.status == 0, "\(result.errors)")
        let (found, expected) = (try SafetensorsFile(path: output), try SafetensorsFile(path: input))
        for name in ["features", "reconstruction"] {
            #expect(found.info(name)?.shape == expected.info(name)?.shape)
            let worst = zip(try found.floats(name), try expected.floats(name)).map { abs($0 - $1) - 1e-4 * abs($1) }
                .max()
            #expect(worst ?? .infinity < 1e-4, "\(name) differs by \(worst ?? .infinity)")
        }
    }

    @Test("encode refuses a tensor of another width and writes nothing")
    func wrongWidth() throws {
        let program = try Program()
        let output = program.folder.path("f.safetensors")
        let input = Fixtures.path("sae/saelens-topk/expected.safetensors")
        let result = try program.run(
            "sae", "encode", "--sae", checkpoint, "--input", input + "#features", "--output", output)
        #expect(result.status == 1)
        #expect(result.errors.contains("rows of 24"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test("check finds a sound checkpoint sound")
    func check() throws {
        let report = try Program().run("sae", "check", checkpoint, "--json").json()
        #expect(report["non_finite_neurons"].array?.isEmpty == true)
        #expect(report["decoder_bias_finite"].bool == true)
        #expect(report["decoder_norm_max"].double ?? 0 > 0)
    }

    @Test("a checkpoint without a decoder gives features alone, and wants its k said")
    func withoutDecoder() throws {
        let program = try Program()
        let path = Fixtures.path("sae/safesail-topk/ckpt/ckpt_layer17.pt")
        let missing = try program.run("sae", "info", path)
        #expect(missing.status == 1 && missing.errors.contains("--option k="), "\(missing.errors)")
        let info = try program.run("sae", "info", path, "--option", "k=12", "--json").json()
        #expect(info["d_out"].isNull && info["hook"].string == "mlp_out.17" && info["layer"].int == 17)
        let output = program.folder.path("f.safetensors")
        let input = Fixtures.path("sae/safesail-topk/expected.safetensors")
        let result = try program.run(
            "sae", "encode", "--sae", path, "--option", "k=12", "--input", input, "--output", output)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try SafetensorsFile(path: output).tensors.map(\.name) == ["features"])
    }

    @Test("convert writes what encodes the same, and does not write over an SAE")
    func convert() throws {
        let program = try Program()
        let output = program.folder.path("converted")
        let source = Fixtures.path("sae/gemmascope-res/ckpt")
        let result = try program.run("sae", "convert", source, "--output", output, "--json").json()
        #expect(result["architecture"].string == "jumprelu")
        #expect(try program.run("sae", "info", output, "--json").json()["format"].string == "saelens")
        #expect(try program.run("sae", "convert", source, "--output", output).status == 1)
    }

    @Test("a hostile pickle is refused by name")
    func hostile() throws {
        let path = Fixtures.path("sae/bad/pickle-posix-system/ckpt/ckpt_layer17.pt")
        let result = try Program().run("tensors", path, "--json")
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.contains("posix.system"), "\(result.errors)")
    }

    @Test("what is not there is named")
    func unknown() throws {
        let result = try Program().run("sae", "info", "no-such-sae")
        #expect(result.status == 1)
        #expect(result.errors.contains("no-such-sae"))
        #expect(result.errors.contains("hint: "))
    }
}
