import TopsailTensor

/// What is done to a row of activations before the encoder's product.
///
/// `x' = normalised(x · scale) − center`. Factors that belong to the whole training set (Llama Scope's average norm,
/// SAELens' `norm_scaling_factor`) are `scale`; the decoder divides by its own.
struct InputPreparation: Sendable {
    var scale: Float = 1
    var normalization = InputNormalization.none
    /// Whether `scale` is that which gives the rows encoded together a mean norm of `√d_in` (OpenMOSS' `batch-wise`).
    var scalesByBatch = false
    /// Subtracted last. Shape `[d_in]`.
    var center: [Float]?
    /// Whether reconstructions are taken back to the units of the raw row; transcoders' are not.
    var isUndone = true

    /// Whether the features of a row depend on the rows it is encoded with.
    var needsWholeSequence: Bool { scalesByBatch }

    /// The preparation for these rows.
    func resolved(for x: UnsafePointer<Float>, tokens: Int, width: Int) -> InputPreparation {
        guard scalesByBatch, tokens > 0 else { return self }
        var sum = 0.0
        for token in 0..<tokens { sum += Double(LinearAlgebra.norm(x + token * width, count: width)) }
        var result = self
        let mean = Float(sum / Double(tokens))
        result.scale = mean > 0 ? Float(width).squareRoot() / mean : 1
        result.scalesByBatch = false
        return result
    }

    func apply(_ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, width: Int) {
        if scale == 1 {
            normalization.apply(x, into: out, count: width)
        } else {
            for i in 0..<width { out[i] = x[i] * scale }
            normalization.apply(out, into: out, count: width)
        }
        guard let center else { return }
        center.withUnsafeBufferPointer { center in
            for i in 0..<width { out[i] -= center[i] }
        }
    }
}
