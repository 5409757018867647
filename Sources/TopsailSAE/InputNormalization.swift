import TopsailTensor

/// What is done to a row of activations before an SAE reads it, and undone on its reconstruction.
///
/// The rules are SAELens' (`run_time_activation_norm_fn_in`), unbiased deviation and all; raw values are its spelling.
public enum InputNormalization: String, Sendable, Hashable, CaseIterable {
    case none
    /// `(x - mean) / (std + 1e-5)`.
    case layerNorm = "layer_norm"
    /// `x · √d_in / ‖x‖`.
    case constantNormRescale = "constant_norm_rescale"

    private static let layerNormEpsilon: Float = 1e-5

    /// Writes the normalised row. `out` may be `x`.
    func apply(_ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .none:
            for i in 0..<count { out[i] = x[i] }
        case .layerNorm:
            let (mean, deviation) = Self.moments(x, count: count)
            let scale = 1 / (deviation + Self.layerNormEpsilon)
            for i in 0..<count { out[i] = (x[i] - mean) * scale }
        case .constantNormRescale:
            let scale = Self.rescale(x, count: count)
            for i in 0..<count { out[i] = x[i] * scale }
        }
    }

    /// Takes a reconstruction back to the units of the raw row `x` it belongs to.
    func undo(_ y: UnsafeMutablePointer<Float>, like x: UnsafePointer<Float>, count: Int) {
        switch self {
        case .none: break
        case .layerNorm:
            // The epsilon is deliberately absent here: SAELens multiplies by the bare deviation.
            let (mean, deviation) = Self.moments(x, count: count)
            for i in 0..<count { y[i] = y[i] * deviation + mean }
        case .constantNormRescale:
            let scale = 1 / Self.rescale(x, count: count)
            for i in 0..<count { y[i] *= scale }
        }
    }

    private static func rescale(_ x: UnsafePointer<Float>, count: Int) -> Float {
        Float(count).squareRoot() / LinearAlgebra.norm(x, count: count)
    }

    private static func moments(_ x: UnsafePointer<Float>, count: Int) -> (mean: Float, deviation: Float) {
        var sum = 0.0
        for i in 0..<count { sum += Double(x[i]) }
        let mean = sum / Double(count)
        var squares = 0.0
        for i in 0..<count { squares += (Double(x[i]) - mean) * (Double(x[i]) - mean) }
        return (Float(mean), Float((squares / Double(max(count - 1, 1))).squareRoot()))
    }
}
