import Foundation
import Testing
import TopsailCore
import TopsailSAE
import TopsailTensor
import TopsailTestSupport

@Suite("Writing SAELens folders")
struct SAELensWriterTests {
    private func makeSAE(bias: Float = 0.125) -> TopKSAE {
        let weights = SAEWeights(dIn: 6, dSAE: 20, dOut: 6)
        // Multiples of 1/64 below 2 are exact in fp16.
        for i in 0..<weights.encoder.count {
            weights.encoder.pointer[i] = Float((i * 37) % 128 - 64) / 64
            weights.decoder.pointer[i] = Float((i * 53) % 128 - 64) / 64
        }
        for i in 0..<20 { weights.encoderBias.pointer[i] = Float(i) / 64 }
        weights.decoderBias.pointer[2] = bias
        let info = SAEInfo(
            name: "a", format: "saelens", architecture: .topk, hook: HookPoint(.mlpOut, layer: 14), model: "smollm2",
            dIn: 6, dOut: 6, dSAE: 20, dtype: .f32, parameters: [:])
        return TopKSAE(info: info, weights: weights, k: 4, appliesDecoderBiasToInput: true)
    }

    @Test("what is written is what is read", arguments: SAELensWriter.Precision.allCases)
    func roundTrip(precision: SAELensWriter.Precision) throws {
        let folder = try TemporaryFolder()
        let sae = makeSAE()
        try SAELensWriter(precision: precision).write(sae, to: folder.path("mine"))
        let read = try SAELoader.open(path: folder.path("mine"))
        #expect(read.info.name == "mine")
        #expect(read.info.hook == sae.info.hook && read.info.model == "smollm2")
        #expect(read.info.dtype == (precision == .float16 ? .f16 : .f32))
        let back = try #require(read as? TopKSAE)
        #expect(back.k == 4)
        #expect(back.weights.encoder.elements() == sae.weights.encoder.elements())
        #expect(back.weights.decoder.elements() == sae.weights.decoder.elements())
        #expect(back.weights.encoderBias.elements() == sae.weights.encoderBias.elements())
        #expect(back.weights.decoderBias.elements() == sae.weights.decoderBias.elements())
    }

    @Test("a value beyond fp16 is refused, not turned into infinity")
    func refusesOverflow() throws {
        let folder = try TemporaryFolder()
        let message = try #require(
            failure { try SAELensWriter(precision: .float16).write(makeSAE(bias: 70_000), to: folder.path("x")) })
        #expect(message.contains("b_dec") && message.contains("float16"), "\(message)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("x/sae_weights.safetensors")))
    }
}
