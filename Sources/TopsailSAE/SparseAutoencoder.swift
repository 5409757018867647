import TopsailCore

/// A sparse autoencoder: turns an activation of a language model into a few active neurons, and those back.
///
/// Rows are fp32 and contiguous. Features of a row come by falling activation, equal ones by rising index.
public protocol SparseAutoencoder: AnyObject, Sendable {
    var info: SAEInfo { get }

    /// Whether a row's features depend on the rows it is encoded with (temporal, batch top-k): such an SAE wants all tokens
    /// of a text in one call, in order.
    var needsWholeSequence: Bool { get }

    /// The active neurons of each row.
    ///
    /// - Parameters:
    ///   - x: `[tokens, d_in]`, as the model produced them: normalisation is the SAE's business.
    /// - Complexity: O(tokens · d_in · d_sae) on all cores; memory for one block of pre-activations, never for all.
    func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]]

    /// `y = Σ value · W_dec[index] + b_dec`. Shape `[d_out]`, overwritten.
    ///
    /// For SAEs that normalise each row (`layer_norm`, `constant_norm_rescale`) this is in the normalised space; `reconstruct`
    /// goes back.
    func decode(_ features: [ActiveFeature], into y: UnsafeMutablePointer<Float>)

    /// Encodes and decodes rows in the model's own units.
    ///
    /// - Parameters:
    ///   - x: `[tokens, d_in]`.
    ///   - y: `[tokens, d_out]`, overwritten.
    /// - Returns: The active neurons of each row.
    @discardableResult
    func reconstruct(_ x: UnsafePointer<Float>, tokens: Int, into y: UnsafeMutablePointer<Float>) -> [[ActiveFeature]]

    /// Row `index` of `W_dec`, the direction a neuron writes. Shape `[d_out]`; valid while the SAE lives.
    func decoderRow(_ index: Int) -> UnsafeBufferPointer<Float>

    /// Column `index` of `W_enc`, the direction a neuron reads. Shape `[d_in]`; valid while the SAE lives.
    func encoderRow(_ index: Int) -> UnsafeBufferPointer<Float>
}

extension SparseAutoencoder {
    public var needsWholeSequence: Bool { false }
}
