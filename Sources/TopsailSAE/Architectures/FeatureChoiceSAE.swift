import TopsailCore

/// Feature Choice (Ayonrinde 2024, arXiv 2411.02124): each neuron chooses the `m` tokens of the batch on which it is
/// strongest, instead of each token choosing neurons.
public final class FeatureChoiceSAE: LinearSAE {
    let core: LinearCore
    /// Tokens a neuron may be active on, for each token in the batch: `m = max(1, round(share · tokens))`.
    public let share: Double

    init(core: LinearCore, share: Double) {
        self.core = core
        self.share = share
    }

    public var needsWholeSequence: Bool { true }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        let positive = core.encode(x, tokens: tokens) { _ in PositiveSelector() }
        let most = max(1, Int((share * Double(tokens)).rounded()))
        var byNeuron: [Int32: [(value: Float, token: Int)]] = [:]
        for (token, row) in positive.enumerated() {
            for feature in row { byNeuron[feature.index, default: []].append((feature.value, token)) }
        }
        var result = [[ActiveFeature]](repeating: [], count: tokens)
        for (index, entries) in byNeuron {
            // Of equal values the earlier token's.
            let chosen = entries.sorted { $0.value != $1.value ? $0.value > $1.value : $0.token < $1.token }
            for entry in chosen.prefix(most) {
                result[entry.token].append(ActiveFeature(index: index, value: entry.value))
            }
        }
        return result.map { $0.byFallingActivation() }
    }
}
