import TopsailCore
import TopsailTensor

/// KronSAE (arXiv 2505.22255): neurons are pairs of factors, so that a wide dictionary needs a narrow encoder.
///
/// Each of `h` heads has `m` base and `n` extension factors, `p = ReLU(P x + b)` and `q = ReLU(Q x + b)`. Neuron `(i, a, c)`,
/// at index `(i · m + a) · n + c`, is `mAND(p_a, q_c) = √(p_a · q_c)` where both are above zero, else zero; then TopK and a
/// plain decoder. The factors lie in one encoder, head by head, `m` base rows before `n` extension rows.
public final class KronSAE: LinearSAE {
    /// Its encoder makes the `h · (m + n)` factors; its decoder has `h · m · n` rows.
    let core: LinearCore
    public let heads: Int
    /// `m`.
    public let baseFactors: Int
    /// `n`.
    public let extensionFactors: Int
    /// Active neurons a token; `nil` keeps all.
    public let k: Int?

    init(core: LinearCore, heads: Int, baseFactors: Int, extensionFactors: Int, k: Int?) {
        precondition(
            core.encoder.dSAE == heads * (baseFactors + extensionFactors)
                && core.info.dSAE == heads * baseFactors * extensionFactors, "heads and factors make up the neurons")
        self.core = core
        self.heads = heads
        self.baseFactors = baseFactors
        self.extensionFactors = extensionFactors
        self.k = k
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        let factors = core.encode(x, tokens: tokens) { _ in PositiveSelector() }
        return factors.map(neurons)
    }

    private func neurons(_ factors: [ActiveFeature]) -> [ActiveFeature] {
        let width = baseFactors + extensionFactors
        var bases = [[ActiveFeature]](repeating: [], count: heads)
        var extensions = bases
        for factor in factors.sorted(by: { $0.index < $1.index }) {
            let (head, place) = (Int(factor.index) / width, Int(factor.index) % width)
            let isBase = place < baseFactors
            let entry = ActiveFeature(index: Int32(isBase ? place : place - baseFactors), value: factor.value)
            if isBase { bases[head].append(entry) } else { extensions[head].append(entry) }
        }
        var best = TopKSelector(k: k ?? core.info.dSAE)
        for head in 0..<heads {
            for base in bases[head] {
                for other in extensions[head] {
                    let index = (head * baseFactors + Int(base.index)) * extensionFactors + Int(other.index)
                    best.consider(index: Int32(index), value: (base.value * other.value).squareRoot())
                }
            }
        }
        return best.features()
    }

    /// The factors of a neuron, side by side: the sum of its base and its extension direction.
    public func encoderRow(_ index: Int) -> UnsafeBufferPointer<Float> {
        let (head, place) = (index / (baseFactors * extensionFactors), index % (baseFactors * extensionFactors))
        let start = head * (baseFactors + extensionFactors)
        let base = core.rows.encoder.row(start + place / extensionFactors)
        let other = core.rows.encoder.row(start + baseFactors + place % extensionFactors)
        return pairs.row(index, width: core.info.dIn) { base[$0] + other[$0] }
    }

    private let pairs = MadeRows()
}
