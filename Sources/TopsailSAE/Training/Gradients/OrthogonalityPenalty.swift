import TopsailTensor

/// A penalty on neurons that write alike (OrtSAE; Korznikov et al. 2025, arXiv 2509.22033): for each neuron the square of its
/// greatest cosine with another of its chunk, summed over neurons.
///
/// Chunks are drawn anew each step, so that the cost grows with the number of neurons and not with its square.
final class OrthogonalityPenalty {
    private let core: TrainingCore
    /// Derivative of the penalty by the decoder. Shape `[d_sae, d_in]`.
    let gradient: FloatMatrix

    init(_ core: TrainingCore) {
        self.core = core
        gradient = FloatMatrix(rows: core.configuration.dSAE, columns: core.configuration.dIn)
    }

    /// Fills the gradient.
    ///
    /// - Returns: The penalty, its weight included.
    func evaluate(step: Int) -> Double {
        let c = core.configuration
        let order = Permutation(
            count: c.dSAE, seed: SeededGenerator.mix(c.seed ^ SeededGenerator.mix(UInt64(step))))
        let chunks = max(1, c.dSAE / c.orthogonalityChunk)
        let norms = FloatMatrix(rows: 1, columns: c.dSAE)
        for neuron in 0..<c.dSAE { norms.pointer[neuron] = core.decoderNorm(neuron) }
        var nearest = [(neuron: Int, cosine: Float)](repeating: (0, 0), count: c.dSAE)
        nearest.withUnsafeMutableBufferPointer { nearest in
            nonisolated(unsafe) let (penalty, found, norms) = (self, nearest, norms.pointer)
            Parallel.forEach(count: chunks) { chunk in
                let members = (c.dSAE * chunk / chunks..<c.dSAE * (chunk + 1) / chunks).map { order[$0] }
                penalty.findNearest(members, norms: norms, into: found)
            }
        }
        return accumulate(nearest, norms: norms.pointer)
    }

    private func findNearest(
        _ members: [Int], norms: UnsafePointer<Float>,
        into nearest: UnsafeMutableBufferPointer<(neuron: Int, cosine: Float)>
    ) {
        let (dIn, count) = (core.configuration.dIn, members.count)
        let rows = FloatMatrix(rows: count, columns: dIn)
        for (i, neuron) in members.enumerated() {
            LinearAlgebra.axpy(1 / norms[neuron], core.decoderRow(neuron), into: rows.pointer + i * dIn, count: dIn)
        }
        let cosines = FloatMatrix(rows: count, columns: count)
        LinearAlgebra.serialGemm(
            transA: false, transB: true, m: count, n: count, k: dIn, alpha: 1, a: rows.pointer, lda: dIn,
            b: rows.pointer, ldb: dIn, beta: 0, c: cosines.pointer, ldc: count)
        for i in 0..<count {
            let row = cosines.pointer + i * count
            row[i] = -1
            var best = 0
            for j in 0..<count where row[j] > row[best] { best = j }
            nearest[members[i]] = (members[best], row[best])
        }
    }

    /// `∂ cos²/∂w_i = 2 cos · (ŵ_j − cos ŵ_i) / ‖w_i‖`, and likewise for j.
    private func accumulate(
        _ nearest: [(neuron: Int, cosine: Float)], norms: UnsafePointer<Float>
    ) -> Double {
        let (dIn, weight) = (core.configuration.dIn, core.configuration.orthogonality)
        gradient.pointer.update(repeating: 0, count: gradient.count)
        var sum = 0.0
        for (i, found) in nearest.enumerated() where found.cosine > 0 {
            let (j, cosine) = (found.neuron, found.cosine)
            sum += Double(cosine) * Double(cosine)
            let (a, b) = (core.decoderRow(i), core.decoderRow(j))
            for (own, other, row, target) in [(norms[i], norms[j], (a, b), i), (norms[j], norms[i], (b, a), j)] {
                let out = gradient.pointer + target * dIn
                LinearAlgebra.axpy(2 * weight * cosine / (own * other), row.1, into: out, count: dIn)
                LinearAlgebra.axpy(-2 * weight * cosine * cosine / (own * own), row.0, into: out, count: dIn)
            }
        }
        return Double(weight) * sum
    }
}
