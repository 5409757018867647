import TopsailTensor

/// Pre-activations made block by block, so that the whole `[tokens, d_sae]` matrix never exists.
struct BlockwisePreActivations {
    /// `W_encᵀ`, `[d_sae, d_in]`.
    let encoder: UnsafePointer<Float>
    let bias: UnsafePointer<Float>
    let dIn: Int
    let dSAE: Int

    /// Neurons in one block: a row of it stays in the first-level cache while it is looked through.
    static let neurons = 1024

    /// Offers each of `rows` prepared inputs' pre-activations to its selector, on the calling thread.
    ///
    /// - Parameters:
    ///   - input: `[rows, d_in]`, normalised and centred.
    ///   - scratch: Room for `rows * min(neurons, d_sae)` floats.
    ///   - visit: Called with a row, its block of pre-activations, the block's first neuron and its length.
    func visit(
        _ input: UnsafePointer<Float>, rows: Int, scratch: UnsafeMutablePointer<Float>,
        _ visit: (_ row: Int, _ pre: UnsafePointer<Float>, _ first: Int, _ count: Int) -> Void
    ) {
        for first in stride(from: 0, to: dSAE, by: Self.neurons) {
            let count = min(Self.neurons, dSAE - first)
            LinearAlgebra.serialGemm(
                transA: false, transB: true, m: rows, n: count, k: dIn, alpha: 1, a: input, lda: dIn,
                b: encoder + first * dIn, ldb: dIn, beta: 0, c: scratch, ldc: count)
            for row in 0..<rows {
                let pre = scratch + row * count
                for i in 0..<count { pre[i] += bias[first + i] }
                visit(row, pre, first, count)
            }
        }
    }
}
