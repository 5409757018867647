import TopsailCore
import TopsailTensor

/// A matching pursuit SAE (Costa et al. 2025): neurons are picked one after the other, each the best for what the earlier
/// ones left over. Encoder and decoder are the same matrix.
///
/// From the residual `r = x` the neuron with the largest `ReLU(r · W_dec row)` gets that value added and its part is taken
/// out of `r`. Rules of stopping: SAELens 6.54, `matching_pursuit_sae.py`.
public final class MatchingPursuitSAE: LinearSAE {
    /// When a token needs no more neurons.
    public struct Limits: Sendable, Hashable {
        /// Steps at most.
        public var iterations: Int
        /// Stops when the residual's norm is below this; 0 never does.
        public var residual: Float
        /// Stops when a step adds no neuron that was off.
        public var stopsOnDuplicateSupport: Bool

        public init(iterations: Int, residual: Float, stopsOnDuplicateSupport: Bool) {
            self.iterations = iterations
            self.residual = residual
            self.stopsOnDuplicateSupport = stopsOnDuplicateSupport
        }
    }

    let core: LinearCore
    public let limits: Limits

    /// - Parameter core: Its encoder's matrix is the decoder's.
    init(core: LinearCore, limits: Limits) {
        self.core = core
        self.limits = limits
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        let dIn = core.info.dIn
        let input = core.input.resolved(for: x, tokens: tokens, width: dIn)
        let residuals = FloatMatrix(rows: tokens, columns: dIn)
        for token in 0..<tokens {
            input.apply(x + token * dIn, into: residuals.pointer + token * dIn, width: dIn)
        }
        // Residuals are prepared already.
        let plain = LinearCore(
            info: core.info, input: InputPreparation(), encoder: core.encoder, decoder: core.decoder)
        var values = [[Int32: Float]](repeating: [:], count: tokens)
        var working = Array(0..<tokens)
        let gathered = FloatMatrix(rows: tokens, columns: dIn)
        let row = FloatMatrix(rows: 1, columns: dIn)
        for _ in 0..<limits.iterations where !working.isEmpty {
            for (i, token) in working.enumerated() {
                (gathered.pointer + i * dIn).update(from: residuals.pointer + token * dIn, count: dIn)
            }
            let best = plain.encode(gathered.pointer, tokens: working.count) { _ in LargestSelector() }
            var next: [Int] = []
            for (i, token) in working.enumerated() {
                // Nothing points along what is left: no later step would find anything either.
                guard let feature = best[i].first else { continue }
                let isNew = values[token][feature.index] == nil
                core.decoder.matrix!.readRow(Int(feature.index), into: row.pointer)
                let residual = residuals.pointer + token * dIn
                let value = LinearAlgebra.dot(residual, row.pointer, count: dIn)
                guard value > 0 else { continue }
                values[token][feature.index, default: 0] += value
                LinearAlgebra.axpy(-value, row.pointer, into: residual, count: dIn)
                let isSmall = limits.residual > 0 && LinearAlgebra.norm(residual, count: dIn) < limits.residual
                if !isSmall && (isNew || !limits.stopsOnDuplicateSupport) { next.append(token) }
            }
            working = next
        }
        return values.map { row in
            row.map { ActiveFeature(index: $0.key, value: $0.value) }.byFallingActivation()
        }
    }
}
