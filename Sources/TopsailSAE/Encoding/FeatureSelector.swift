import TopsailCore
import TopsailTensor

/// An activation function that is shown one row's pre-activations block by block and keeps what is active.
protocol FeatureSelector: Sendable {
    /// Looks at pre-activations `first ..< first + count`. Blocks come in rising order.
    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int)
    /// The active features of the row, by falling activation, equal ones by rising index.
    func features() -> [ActiveFeature]
}

extension Array where Element == ActiveFeature {
    /// The order in which features are handed out.
    func byFallingActivation() -> [ActiveFeature] {
        sorted { $0.value != $1.value ? $0.value > $1.value : $0.index < $1.index }
    }
}

/// ReLU: what is positive stays.
struct PositiveSelector: FeatureSelector {
    private var kept: [ActiveFeature] = []

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        var i = SparseRows.firstIndex(above: 0, in: pre, from: 0, count: count)
        while i < count {
            kept.append(ActiveFeature(index: Int32(first + i), value: pre[i]))
            i = SparseRows.firstIndex(above: 0, in: pre, from: i + 1, count: count)
        }
    }

    func features() -> [ActiveFeature] { kept.byFallingActivation() }
}

/// JumpReLU (Rajamanoharan et al. 2024): what is positive and strictly above the neuron's threshold stays.
struct ThresholdSelector: FeatureSelector {
    let thresholds: [Float]
    private var kept: [ActiveFeature] = []

    init(thresholds: [Float]) { self.thresholds = thresholds }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        var i = SparseRows.firstIndex(above: 0, in: pre, from: 0, count: count)
        while i < count {
            if pre[i] > thresholds[first + i] { kept.append(ActiveFeature(index: Int32(first + i), value: pre[i])) }
            i = SparseRows.firstIndex(above: 0, in: pre, from: i + 1, count: count)
        }
    }

    func features() -> [ActiveFeature] { kept.byFallingActivation() }
}
