import TopsailTensor

/// The weights of an SAE with one linear encoder and one linear decoder, one row a neuron in both.
///
/// SAELens' `W_enc` is `[d_in, d_sae]`; here it is transposed, so that a neuron's row is contiguous for products, gathers and
/// training alike. Immutable once shared.
public final class SAEWeights: Sendable {
    /// `W_encᵀ`. Shape `[d_sae, d_in]`.
    public let encoder: FloatMatrix
    /// Shape `[1, d_sae]`.
    public let encoderBias: FloatMatrix
    /// `W_dec`. Shape `[d_sae, d_out]`.
    public let decoder: FloatMatrix
    /// Shape `[1, d_out]`.
    public let decoderBias: FloatMatrix

    /// All zero; the maker fills them in before sharing.
    public init(dIn: Int, dSAE: Int, dOut: Int) {
        encoder = FloatMatrix(rows: dSAE, columns: dIn)
        encoderBias = FloatMatrix(rows: 1, columns: dSAE)
        decoder = FloatMatrix(rows: dSAE, columns: dOut)
        decoderBias = FloatMatrix(rows: 1, columns: dOut)
    }

    public var dIn: Int { encoder.columns }
    public var dSAE: Int { encoder.rows }
    public var dOut: Int { decoder.columns }
}

extension SAEWeights {
    /// A copy of a core's weights with what stands beside them folded in.
    convenience init(_ core: LinearCore) {
        self.init(dIn: core.encoder.dIn, dSAE: core.encoder.dSAE, dOut: core.decoder.dOut)
        let scale = core.encoder.scale?.values
        let factors = core.decoder.scale?.values
        nonisolated(unsafe) let (encoder, decoder) = (encoder.pointer, decoder.pointer)
        let (dIn, dOut) = (dIn, dOut)
        Parallel.forRanges(count: dSAE, minimum: 64) { range in
            core.encoder.matrix.readRows(range, into: encoder + range.lowerBound * dIn)
            core.decoder.matrix?.readRows(range, into: decoder + range.lowerBound * dOut)
            for row in range {
                let reading = (scale?[row] ?? 1) * core.input.scale
                let writing = (factors?[row] ?? 1) * core.decoder.outputScale
                if reading != 1 { for i in 0..<dIn { encoder[row * dIn + i] *= reading } }
                if writing != 1 { for i in 0..<dOut { decoder[row * dOut + i] *= writing } }
            }
        }
        if let bias = core.encoder.bias?.values { for i in 0..<dSAE { encoderBias.pointer[i] = bias[i] } }
        for i in 0..<dOut { decoderBias.pointer[i] = core.decoder.bias[i] * core.decoder.outputScale }
    }
}
