import TopsailCore
import TopsailTensor

/// An SAE with a linear encoder and decoder: its own part is how features are chosen from pre-activations.
///
/// `pre = (normalised x − b_dec if it applies) · W_enc + b_enc`, then a selector decides.
protocol LinearSAE: SparseAutoencoder {
    var core: LinearCore { get }
}

extension LinearSAE {
    public var info: SAEInfo { core.info }

    public var needsWholeSequence: Bool { core.input.needsWholeSequence }

    public func decode(_ features: [ActiveFeature], into y: UnsafeMutablePointer<Float>) {
        core.decoder.decode(features, into: y)
    }

    @discardableResult
    public func reconstruct(
        _ x: UnsafePointer<Float>, tokens: Int, into y: UnsafeMutablePointer<Float>
    ) -> [[ActiveFeature]] {
        let features = encode(x, tokens: tokens)
        finish(features, x, into: y)
        return features
    }

    /// Decodes features of the rows `x` to the model's units.
    ///
    /// - Parameter added: Added to what the features give, before units change. Shape `[tokens, d_out]`.
    func finish(
        _ features: [[ActiveFeature]], _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
        adding added: UnsafePointer<Float>? = nil
    ) {
        let (dIn, dOut) = (info.dIn, info.dOut)
        let input = core.input.resolved(for: x, tokens: features.count, width: dIn)
        // Rows that must be widened are held for a few hundred tokens at a time.
        for start in stride(from: 0, to: features.count, by: 256) {
            let range = start..<min(features.count, start + 256)
            core.decoder.decode(Array(features[range]), into: y + start * dOut)
        }
        for token in features.indices {
            let y = y + token * dOut
            if let added {
                LinearAlgebra.axpy(core.decoder.outputScale, added + token * dOut, into: y, count: dOut)
            }
            if core.input.scalesByBatch { for i in 0..<dOut { y[i] /= input.scale } }
            if input.isUndone { input.normalization.undo(y, like: x + token * dIn, count: dOut) }
        }
        core.decoder.addSkip(x, tokens: features.count, to: y)
    }

    public func decoderRow(_ index: Int) -> UnsafeBufferPointer<Float> {
        core.rows.decoder?.row(index) ?? core.rows.encoder.row(index)
    }

    public func encoderRow(_ index: Int) -> UnsafeBufferPointer<Float> { core.rows.encoder.row(index) }
}

extension LinearSAE {
    /// All weights as fp32 in memory, folds applied. For SAEs from files this makes a copy, which is then kept.
    var copiedWeights: SAEWeights { core.rows.weights { SAEWeights(core) } }
}
