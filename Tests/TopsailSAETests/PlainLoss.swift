import Foundation
import TopsailSAE

/// The losses of all architectures written from their formulas: dense, in double precision, without derivatives.
///
/// Parameters go by the names of the checkpoint: `W_enc_T` is `[units, d_in]`, `W_dec` `[d_sae, d_in]`.
struct PlainLoss {
    let c: TrainingConfiguration
    /// `[rows][d_in]`, scaled.
    let batch: [[Double]]
    /// What a term that is not to train the decoder decodes with.
    let frozen: [String: [Double]]

    init(_ configuration: TrainingConfiguration, batch: [[Double]], start: [String: [Double]]) {
        c = configuration
        self.batch = batch
        frozen = start
    }

    func callAsFunction(_ p: [String: [Double]]) -> Double {
        let codes = batch.map { pre($0, p) }
        let kept =
            c.architecture == .batchtopk || c.architecture == .matryoshka ? overBatch(codes) : codes.map(activate)
        var sum = 0.0
        for (row, x) in batch.enumerated() {
            switch c.architecture {
            case .gated: sum += gated(x, codes[row], p)
            case .jumprelu: sum += jump(x, codes[row], p)
            case .matryoshka:
                for width in c.prefixes { sum += squaredError(x, Array(kept[row].prefix(width)), p) }
            case .hierarchical:
                for budget in c.prefixes {
                    sum += squaredError(x, largest(budget, codes[row]), p) / Double(c.prefixes.count)
                }
            case .standard:
                sum += squaredError(x, kept[row], p)
                for (j, value) in kept[row].enumerated() { sum += sparsity * value * norm(j, p) }
            default: sum += squaredError(x, kept[row], p)
            }
        }
        return sum / Double(batch.count)
    }

    private var sparsity: Double { Double(c.sparsityCoefficient ?? 0) }

    // MARK: Parts

    private func pre(_ x: [Double], _ p: [String: [Double]]) -> [Double] {
        let centred = zip(x, p["b_dec"]!).map { $0 - $1 }
        let units = (0..<c.encoderUnits).map { j in
            (0..<c.dIn).reduce(p["b_enc"]![j]) { $0 + p["W_enc_T"]![j * c.dIn + $1] * centred[$1] }
        }
        guard c.architecture == .kron else { return units }
        let s = c.kronShape
        return (0..<s.neurons).map { neuron in
            let (head, a, b) = (neuron / (s.m * s.n), neuron / s.n % s.m, neuron % s.n)
            let (first, second) = (units[head * (s.m + s.n) + a], units[head * (s.m + s.n) + s.m + b])
            return first > 0 && second > 0 ? (first * second).squareRoot() : 0
        }
    }

    private func activate(_ pre: [Double]) -> [Double] {
        switch c.architecture {
        case .abstopk:
            let last = pre.map(abs).sorted(by: >)[c.k - 1]
            return pre.map { abs($0) >= last ? $0 : 0 }
        case .standard: return pre.map { max(0, $0) }
        default: return largest(c.k, pre)
        }
    }

    private func largest(_ k: Int, _ pre: [Double]) -> [Double] {
        let last = pre.sorted(by: >)[k - 1]
        return pre.map { $0 >= last ? max(0, $0) : 0 }
    }

    private func overBatch(_ pre: [[Double]]) -> [[Double]] {
        let last = pre.flatMap { $0 }.sorted(by: >)[c.k * batch.count - 1]
        return pre.map { $0.map { $0 >= last ? max(0, $0) : 0 } }
    }

    private func jump(_ x: [Double], _ pre: [Double], _ p: [String: [Double]]) -> Double {
        let codes = pre.enumerated().map { $1 > p["threshold"]![$0] ? $1 : 0 }
        return squaredError(x, codes, p) + sparsity * Double(codes.count { $0 > 0 })
    }

    private func gated(_ x: [Double], _ gate: [Double], _ p: [String: [Double]]) -> Double {
        let codes = gate.enumerated().map { j, open in
            let magnitude = exp(p["r_mag"]![j]) * (open - p["b_enc"]![j]) + p["b_mag"]![j]
            return open > 0 ? max(0, magnitude) : 0
        }
        let opened = gate.map { max(0, $0) }
        // The input is centred by the b_dec that trains; the decoder of this term may be frozen.
        let decoder = c.freezesDecoderForGate ? frozen : p
        var loss = squaredError(x, codes, p) + squaredError(x, opened, decoder)
        for (j, value) in opened.enumerated() { loss += sparsity * value * norm(j, decoder) }
        return loss
    }

    private func norm(_ j: Int, _ p: [String: [Double]]) -> Double {
        p["W_dec"]![j * c.dIn..<(j + 1) * c.dIn].reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    private func squaredError(_ x: [Double], _ codes: [Double], _ p: [String: [Double]]) -> Double {
        var y = p["b_dec"]!
        for (j, value) in codes.enumerated() where value != 0 {
            for i in 0..<c.dIn { y[i] += value * p["W_dec"]![j * c.dIn + i] }
        }
        return zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
}

extension PlainLoss {
    /// `∂loss/∂p[name]` by central differences.
    func gradient(_ name: String, at p: [String: [Double]]) -> [Double] {
        let width = 1e-6
        return p[name]!.indices.map { i in
            var (up, down) = (p, p)
            up[name]![i] += width
            down[name]![i] -= width
            return (self(up) - self(down)) / (2 * width)
        }
    }
}
