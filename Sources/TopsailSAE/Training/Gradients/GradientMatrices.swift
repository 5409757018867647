import TopsailTensor

/// The derivatives by both weight matrices, kept until their common norm is known.
struct GradientMatrices: ~Copyable {
    /// Shape `[units, d_in]`.
    let encoder: FloatMatrix
    /// Shape `[d_sae, d_in]`.
    let decoder: FloatMatrix
    /// Squared norms of the rows.
    let encoderSquares: FloatMatrix
    let decoderSquares: FloatMatrix

    init(_ configuration: TrainingConfiguration) {
        encoder = FloatMatrix(rows: configuration.encoderUnits, columns: configuration.dIn)
        decoder = FloatMatrix(rows: configuration.dSAE, columns: configuration.dIn)
        encoderSquares = FloatMatrix(rows: 1, columns: configuration.encoderUnits)
        decoderSquares = FloatMatrix(rows: 1, columns: configuration.dSAE)
    }
}
