import TopsailSAE

/// The trainer's plain twin: dense loops in double precision, written from the formulas.
struct PlainTopKTrainer {
    let c: TrainingConfiguration
    /// `[d_sae][d_in]`, `[d_sae]`, `[d_sae][d_in]`, `[d_in]`.
    var encoder: [[Double]], encoderBias: [Double], decoder: [[Double]], decoderBias: [Double]
    private var moments: [String: (m: [Double], v: [Double])] = [:]
    private var lastFired: [Int]
    private var step = 0

    init(_ configuration: TrainingConfiguration, from sae: TrainedSAE) {
        c = configuration
        let (dIn, dSAE) = (configuration.dIn, configuration.dSAE)
        let (stored, rows) = (sae["W_enc"].map(Double.init), sae["W_dec"].map(Double.init))
        encoder = (0..<dSAE).map { j in (0..<dIn).map { stored[$0 * dSAE + j] } }
        decoder = (0..<dSAE).map { Array(rows[$0 * dIn..<($0 + 1) * dIn]) }
        encoderBias = sae["b_enc"].map(Double.init)
        decoderBias = sae["b_dec"].map(Double.init)
        lastFired = [Int](repeating: 0, count: c.dSAE)
    }

    /// - Returns: The loss before the step.
    mutating func train(on batch: [[Double]]) -> Double {
        let n = Double(batch.count)
        let alpha = Double(c.auxCoefficient)
        let zero = [Double](repeating: 0, count: c.dIn)
        var gEnc = [[Double]](repeating: zero, count: c.dSAE), gDec = gEnc
        var gEncBias = [Double](repeating: 0, count: c.dSAE), gDecBias = zero
        var loss = 0.0
        var fired = Set<Int>()
        let dead = (0..<c.dSAE).filter { step * c.batchSize - lastFired[$0] > c.deadAfterTokens }

        for x in batch {
            let centred = zip(x, decoderBias).map { $0 - $1 }
            let pre = (0..<c.dSAE).map { dot(encoder[$0], centred) + encoderBias[$0] }
            let active = largest(c.k, of: Array(0..<c.dSAE), pre)
            fired.formUnion(active)
            var error = centred.map { -$0 }
            for j in active { for i in 0..<c.dIn { error[i] += pre[j] * decoder[j][i] } }
            var missed = error
            let revived = largest(c.auxK, of: dead, pre)
            for j in revived { for i in 0..<c.dIn { missed[i] += pre[j] * decoder[j][i] } }
            loss += (dot(error, error) + (dead.isEmpty ? 0 : alpha * dot(missed, missed))) / n
            for i in 0..<c.dIn { gDecBias[i] += 2 / n * error[i] }
            for (set, e, factor) in [(active, error, 2 / n), (revived, missed, 2 * alpha / n)] {
                for j in set {
                    let slope = factor * dot(decoder[j], e)
                    gEncBias[j] += slope
                    for i in 0..<c.dIn {
                        gDec[j][i] += factor * pre[j] * e[i]
                        gEnc[j][i] += slope * centred[i]
                        gDecBias[i] -= slope * encoder[j][i]
                    }
                }
            }
        }
        let rate = Double(c.learningRate(step: step))
        step += 1
        decoderBias = adam("b_dec", decoderBias, gDecBias, rate)
        encoderBias = adam("b_enc", encoderBias, gEncBias, rate)
        for j in 0..<c.dSAE {
            encoder[j] = adam("W_enc.\(j)", encoder[j], gEnc[j], rate)
            let along = dot(gDec[j], decoder[j])
            decoder[j] = adam("W_dec.\(j)", decoder[j], zip(gDec[j], decoder[j]).map { $0 - along * $1 }, rate)
            let norm = dot(decoder[j], decoder[j]).squareRoot()
            decoder[j] = decoder[j].map { $0 / norm }
        }
        for j in fired { lastFired[j] = step * c.batchSize }
        return loss
    }

    /// The weights after one step.
    private mutating func adam(_ name: String, _ weights: [Double], _ g: [Double], _ rate: Double) -> [Double] {
        var w = weights
        var (m, v) = moments[name] ?? ([Double](repeating: 0, count: g.count), [Double](repeating: 0, count: g.count))
        let (b1, b2) = (Double(c.beta1), Double(c.beta2))
        for i in g.indices {
            m[i] = b1 * m[i] + (1 - b1) * g[i]
            v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i]
            let (mHat, vHat) = (m[i] / (1 - power(b1, step)), v[i] / (1 - power(b2, step)))
            w[i] -= rate * mHat / (vHat.squareRoot() + Double(c.epsilon))
        }
        moments[name] = (m, v)
        return w
    }

    private func largest(_ k: Int, of candidates: [Int], _ pre: [Double]) -> [Int] {
        candidates.sorted { pre[$0] > pre[$1] }.prefix(k).filter { pre[$0] > 0 }
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    private func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { y, _ in y * x } }
}
