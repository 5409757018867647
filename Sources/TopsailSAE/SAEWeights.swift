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
    /// Moves the norms of the decoder rows into the encoder, so that rows have unit norm and features carry the size.
    ///
    /// This is `rescale_acts_by_decoder_norm` done once: pre-activations times the norm, decoded through the row over its norm.
    /// A row of zeros silences its neuron, as the product with its norm would.
    func foldDecoderNorms() {
        for index in 0..<dSAE {
            let row = decoder.row(index)
            let norm = LinearAlgebra.norm(row.baseAddress!, count: dOut)
            scale(encoder.row(index), by: norm)
            encoderBias.pointer[index] *= norm
            if norm > 0 { scale(row, by: 1 / norm) }
        }
    }

    /// Folds `expected_average_only_in`'s factor: the SAE then reads raw activations, its features stay in scaled units.
    func foldInputScale(_ factor: Float) {
        scale(UnsafeMutableBufferPointer(start: encoder.pointer, count: encoder.count), by: factor)
        scale(UnsafeMutableBufferPointer(start: decoder.pointer, count: decoder.count), by: 1 / factor)
        scale(decoderBias.row(0), by: 1 / factor)
    }

    /// Multiplies each decoder row by its neuron's factor.
    func scaleDecoderRows(by factors: [Float]) {
        for (index, factor) in factors.enumerated() { scale(decoder.row(index), by: factor) }
    }

    private func scale(_ values: UnsafeMutableBufferPointer<Float>, by factor: Float) {
        for i in values.indices { values[i] *= factor }
    }
}
