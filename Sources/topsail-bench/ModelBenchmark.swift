import Foundation
import TopsailCore
import TopsailModel

/// Reading and writing with the model alone.
struct ModelBenchmark {
    let machine: Machine
    let model: LanguageModel

    func run() throws -> [Measurement] {
        var results: [Measurement] = []
        for precision in Precision.allCases {
            let session = ModelSession(model, precision: precision)
            for count in [16, 64, 256] {
                let ids = ReadingJob.text(count, for: model)
                let flops = 2 * Double(blockParameters) * Double(count)
                results.append(
                    try .of(
                        "\(precision) prompt \(count), last logits", work: (Double(count), "token"),
                        bound: (flops / machine.gemmRate * 1000, "fp32 GEMM limit")
                    ) {
                        session.truncate(to: 0)
                        sink(try session.read(ids, logits: .last).firstComputed)
                    })
            }
            let prompt = ReadingJob.text(64, for: model)
            results.append(
                try .of(
                    "\(precision) decode 16 tokens after 64", count: 7, warmUp: 1, work: (16, "token"),
                    bound: (16 * weightBytes / machine.readBandwidth * 1000, "read limit of the stored weights")
                ) {
                    var sampler = Sampler(.greedy, seed: 0)
                    sink(
                        try session.generate(
                            after: prompt, limits: GenerationLimits(maxTokens: 16, stopsAtEnd: false), sampler: &sampler
                        ))
                })
        }
        return results
    }

    private var blockParameters: Int {
        let c = model.configuration
        let attention = c.dModel * c.dHead * (2 * c.nHeads + 2 * c.nKVHeads)
        return c.nLayers * (attention + 3 * c.dModel * c.dMLP)
    }

    /// Size of the file: every weight is read once for a token.
    private var weightBytes: Double {
        let attributes = try? FileManager.default.attributesOfItem(atPath: model.path)
        return (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
    }
}
