import TopsailCore
import TopsailTensor

/// A temporal SAE (arXiv 2511.01836): attention over earlier tokens predicts a part of each activation, and sparse codes hold
/// what is new. Features are the novel codes; reconstructions use the predicted ones as well.
///
/// Needs the tokens of a text in order. Arithmetic: SAELens 6.54, `temporal_sae.py`.
public final class TemporalSAE: LinearSAE {
    /// One attention layer on codes. All matrices map codes; queries and keys are narrower by the bottleneck.
    struct AttentionLayer: Sendable {
        struct Linear: Sendable {
            /// `[out, in]`.
            var matrix: SAEMatrix
            var bias: [Float]
        }
        var query: Linear
        var key: Linear
        var value: Linear
        var output: Linear
    }

    let core: LinearCore
    let layers: [AttentionLayer]
    public let heads: Int
    /// Novel codes kept a token; `nil` keeps all that are positive.
    public let k: Int?

    /// - Parameter core: Its encoder has no bias.
    init(core: LinearCore, layers: [AttentionLayer], heads: Int, k: Int?) {
        self.core = core
        self.layers = layers
        self.heads = heads
        self.k = k
    }

    public var needsWholeSequence: Bool { true }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        guard tokens > 0 else { return [] }
        return novel(predict(x, tokens: tokens).residuals)
    }

    @discardableResult
    public func reconstruct(
        _ x: UnsafePointer<Float>, tokens: Int, into y: UnsafeMutablePointer<Float>
    ) -> [[ActiveFeature]] {
        guard tokens > 0 else { return [] }
        let prediction = predict(x, tokens: tokens)
        let features = novel(prediction.residuals)
        // The decoder is linear up to its bias, so that the prediction's part can be added to the novel codes'.
        finish(features, x, into: y, adding: prediction.predicted.pointer)
        return features
    }

    private func novel(_ residuals: borrowing FloatMatrix) -> [[ActiveFeature]] {
        let plain = LinearCore(
            info: core.info, input: InputPreparation(scale: scale), encoder: core.encoder, decoder: core.decoder)
        guard let k else { return plain.encode(residuals.pointer, tokens: residuals.rows) { _ in PositiveSelector() } }
        return plain.encode(residuals.pointer, tokens: residuals.rows) { _ in TopKSelector(k: k) }
    }

    /// The factor before every encoding, `1 / (4 d_in)`.
    private var scale: Float { 1 / (4 * Float(core.info.dIn)) }
}

// MARK: Prediction

extension TemporalSAE {
    /// What attention predicts, and what is left.
    private struct Prediction: ~Copyable {
        /// `[tokens, d_in]`.
        let residuals: FloatMatrix
        /// The predicted codes' part of the reconstruction, `[tokens, d_in]`.
        let predicted: FloatMatrix
    }

    private func predict(_ x: UnsafePointer<Float>, tokens: Int) -> Prediction {
        let dIn = core.info.dIn
        let residuals = FloatMatrix(rows: tokens, columns: dIn)
        let predicted = FloatMatrix(rows: tokens, columns: dIn)
        for token in 0..<tokens {
            core.input.apply(x + token * dIn, into: residuals.pointer + token * dIn, width: dIn)
        }
        for layer in layers {
            let codes = attend(layer, residuals)
            let written = FloatMatrix(rows: tokens, columns: dIn)
            core.decoder.matrix!.transposed.multiply(codes.pointer, count: tokens, into: written.pointer)
            for token in 0..<tokens {
                let (row, residual) = (written.pointer + token * dIn, residuals.pointer + token * dIn)
                let norm = LinearAlgebra.norm(row, count: dIn) + 1e-6
                let share = LinearAlgebra.dot(row, residual, count: dIn) / (norm * norm)
                LinearAlgebra.axpy(share, row, into: predicted.pointer + token * dIn, count: dIn)
                LinearAlgebra.axpy(-share, row, into: residual, count: dIn)
            }
        }
        return Prediction(residuals: residuals, predicted: predicted)
    }

    /// Predicted codes of one layer, `[tokens, d_sae]`.
    private func attend(_ layer: AttentionLayer, _ residuals: borrowing FloatMatrix) -> FloatMatrix {
        let (tokens, dSAE) = (residuals.rows, core.info.dSAE)
        let scaled = FloatMatrix(rows: tokens, columns: residuals.columns)
        for i in 0..<scaled.count { scaled.pointer[i] = residuals.pointer[i] * scale }
        let codes = FloatMatrix(rows: tokens, columns: dSAE)
        core.encoder.matrix.multiply(scaled.pointer, count: tokens, into: codes.pointer)
        for i in 0..<codes.count { codes.pointer[i] = max(codes.pointer[i], 0) }
        // A token sees the codes of the one before it and of those further back; the first sees none.
        let context = FloatMatrix(rows: tokens, columns: dSAE)
        (context.pointer + dSAE).update(from: codes.pointer, count: (tokens - 1) * dSAE)
        let queries = project(layer.query, codes)
        let keys = project(layer.key, context)
        let values = project(layer.value, context)
        let mixed = FloatMatrix(rows: tokens, columns: dSAE)
        mix(queries, keys, values, into: mixed)
        let result = project(layer.output, mixed)
        for i in 0..<result.count { result.pointer[i] = max(result.pointer[i], 0) }
        return result
    }

    private func project(_ linear: AttentionLayer.Linear, _ x: borrowing FloatMatrix) -> FloatMatrix {
        let result = FloatMatrix(rows: x.rows, columns: linear.matrix.rows)
        linear.matrix.multiply(x.pointer, count: x.rows, into: result.pointer)
        for row in 0..<x.rows {
            for i in 0..<result.columns { result.pointer[row * result.columns + i] += linear.bias[i] }
        }
        return result
    }

    /// Causal attention, head by head.
    private func mix(
        _ queries: borrowing FloatMatrix, _ keys: borrowing FloatMatrix, _ values: borrowing FloatMatrix,
        into mixed: borrowing FloatMatrix
    ) {
        let (tokens, narrow, wide) = (queries.rows, queries.columns / heads, values.columns / heads)
        let scale = 1 / Float(narrow).squareRoot()
        let (q, k, v, out) = (queries.pointer, keys.pointer, values.pointer, mixed.pointer)
        for head in 0..<heads {
            for token in 0..<tokens {
                let query = q + token * queries.columns + head * narrow
                var scores = (0...token).map {
                    LinearAlgebra.dot(query, k + $0 * keys.columns + head * narrow, count: narrow) * scale
                }
                Softmax.apply(&scores)
                for (earlier, weight) in scores.enumerated() {
                    LinearAlgebra.axpy(
                        weight, v + earlier * values.columns + head * wide,
                        into: out + token * mixed.columns + head * wide, count: wide)
                }
            }
        }
    }
}
