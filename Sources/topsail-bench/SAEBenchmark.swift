import TopsailCore
import TopsailSAE
import TopsailTensor

/// Encoding with one SAE.
struct SAEBenchmark {
    let machine: Machine
    let sae: any SparseAutoencoder

    func run() -> [Measurement] {
        let dIn = sae.info.dIn
        return [1, 64, 256].map { tokens in
            var random = SeededGenerator(seed: 7)
            let x = FloatMatrix(rows: tokens, columns: dIn)
            for i in 0..<x.count { x.pointer[i] = Float(random.nextUnit() * 2 - 1) }
            let bytes = 4 * Double(sae.info.dSAE * dIn)
            let flops = 2 * Double(tokens * sae.info.dSAE * dIn)
            let bound =
                tokens == 1
                ? (bytes / machine.readBandwidth * 1000, "read limit of W_enc")
                : (flops / machine.gemmRate * 1000, "fp32 GEMM limit")
            return Measurement.of(
                "SAE encode, \(tokens) x \(dIn) x \(sae.info.dSAE)", work: (Double(tokens), "token"), bound: bound
            ) { sink(sae.encode(x.pointer, tokens: tokens)) }
        }
    }
}
