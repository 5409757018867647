import TopsailTensor

/// Pre-activations made block by block, so that the whole `[tokens, d_sae]` matrix never exists.
struct EncoderBlocks: Sendable {
    let encoder: ReadyEncoder
    let dIn: Int
    let dSAE: Int

    init(_ encoder: LinearEncoder) {
        self.encoder = ReadyEncoder(encoder)
        dIn = encoder.dIn
        dSAE = encoder.dSAE
    }

    /// Neurons in one block: a row of it stays in the first-level cache while it is looked through, and wide rows are
    /// widened a few megabytes at a time.
    var neurons: Int { min(1024, max(128, (1 << 22) / max(dIn, 1) / 128 * 128)) }

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
        for first in stride(from: 0, to: dSAE, by: neurons) {
            let count = min(neurons, dSAE - first)
            encoder.preActivations(
                input, count: rows, neurons: first..<first + count, into: scratch, stride: count)
            for row in 0..<rows { visit(row, scratch + row * count, first, count) }
        }
    }
}
