import Foundation
import TopsailCore
import TopsailTensor

/// AdaptiveK (hiyukie/adaptiveK): a linear probe on the raw input estimates how complex a token is, and that says how many
/// neurons may be active on it.
///
/// `c = clamp(x · w + b, 0, 10)`; `k = round(clamp(min + (max − min) · sigmoid(6 (c / 10 − 0.5)), min, max))`, half to even.
public final class AdaptiveKSAE: LinearSAE {
    let core: LinearCore
    /// Shape `[d_in]`.
    let probe: [Float]
    let probeBias: Float
    public let range: ClosedRange<Int>

    /// - Precondition: One probe weight an input.
    init(core: LinearCore, probe: [Float], probeBias: Float, range: ClosedRange<Int>) {
        precondition(probe.count == core.info.dIn, "\(probe.count) probe weights for \(core.info.dIn) inputs")
        self.core = core
        self.probe = probe
        self.probeBias = probeBias
        self.range = range
    }

    /// How many neurons may be active on each token.
    public func budgets(_ x: UnsafePointer<Float>, tokens: Int) -> [Int] {
        (0..<tokens).map { token in
            let score = LinearAlgebra.dot(x + token * probe.count, probe, count: probe.count) + probeBias
            let complexity = min(max(score, 0), 10) / 10
            let share = 1 / (1 + Foundation.exp(-6 * (complexity - 0.5)))
            let (low, high) = (Float(range.lowerBound), Float(range.upperBound))
            let k = min(max(low + (high - low) * share, low), high)
            return Int(k.rounded(.toNearestOrEven))
        }
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        let budgets = budgets(x, tokens: tokens)
        return core.encode(x, tokens: tokens) { TopKSelector(k: budgets[$0]) }
    }
}
