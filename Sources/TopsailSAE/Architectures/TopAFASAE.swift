import TopsailCore
import TopsailTensor

/// Top-AFA (SewoongLee/top-afa-sae): as many neurons stay as make the size of the reconstruction match that of the input.
///
/// With features ordered by `e = (f · ‖W_dec row‖)²` and `c` their cumulative sums, the first `1 + argmin |√c − ‖x − b_dec‖|`
/// survive; beyond the last feature the sum counts as 1e8.
public final class TopAFASAE: LinearSAE {
    let core: LinearCore
    private let norms: NeuronFactors

    init(core: LinearCore, norms: NeuronFactors) {
        self.core = core
        self.norms = norms
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        let norms = norms.values
        let dIn = core.info.dIn
        let centred = FloatMatrix(rows: 1, columns: dIn)
        let positive = core.encode(x, tokens: tokens) { _ in PositiveSelector() }
        return positive.enumerated().map { token, row in
            core.input.apply(x + token * dIn, into: centred.pointer, width: dIn)
            return select(row, norms: norms, size: LinearAlgebra.norm(centred.pointer, count: dIn))
        }
    }

    private func select(_ row: [ActiveFeature], norms: [Float], size: Float) -> [ActiveFeature] {
        var ordered: [(feature: ActiveFeature, energy: Float)] = row.map { feature in
            let norm = feature.value * norms[Int(feature.index)]
            return (feature, norm * norm)
        }
        ordered.sort { a, b in a.energy == b.energy ? a.feature.index < b.feature.index : a.energy > b.energy }
        var sum: Float = 0
        var best = (count: 0, distance: Float.infinity)
        for (i, entry) in ordered.enumerated() {
            sum += entry.energy
            let total = i + 1 == core.info.dSAE ? 1e8 : sum
            let distance = abs(total.squareRoot() - size)
            if distance < best.distance { best = (i + 1, distance) }
        }
        return ordered.prefix(best.count).map { $0.feature }.byFallingActivation()
    }
}
