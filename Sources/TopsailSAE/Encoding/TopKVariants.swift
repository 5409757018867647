import TopsailCore
import TopsailTensor

/// TopK as Safe-SAIL computes it: everything below the k-th largest pre-activation becomes zero, then ReLU. What equals the
/// k-th value survives, so that more than k can be active.
struct TopKWithTiesSelector: FeatureSelector {
    let k: Int
    private var kept: [ActiveFeature] = []
    /// No value below this can survive any more.
    private var floor: Float = 0

    init(k: Int) { self.k = k }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        for i in 0..<count where pre[i] > 0 && pre[i] >= floor {
            kept.append(ActiveFeature(index: Int32(first + i), value: pre[i]))
            if kept.count >= 4 * k + 1024 { kept = survivors(updatingFloor: &floor) }
        }
    }

    func features() -> [ActiveFeature] {
        var floor = floor
        return survivors(updatingFloor: &floor)
    }

    private func survivors(updatingFloor floor: inout Float) -> [ActiveFeature] {
        let ordered = kept.byFallingActivation()
        guard k > 0 else { return [] }
        guard ordered.count > k else { return ordered }
        floor = ordered[k - 1].value
        return Array(ordered.prefix { $0.value >= floor })
    }
}

/// The k largest without a ReLU; zeros are not active.
struct SignedTopKSelector: FeatureSelector {
    private var best: TopKSelector

    init(k: Int) { best = TopKSelector(k: k, floor: -.infinity) }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        best.consider(pre, first: first, count: count)
    }

    func features() -> [ActiveFeature] { best.features().filter { $0.value != 0 } }
}

/// The k of largest magnitude, with their signs; of equal magnitudes those with the lower index.
struct AbsTopKSelector: FeatureSelector {
    private var best: TopKSelector
    private var negative: Set<Int32> = []

    init(k: Int) { best = TopKSelector(k: k) }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        for i in 0..<count where pre[i] != 0 {
            let index = Int32(first + i)
            guard best.admits(abs(pre[i])) else { continue }
            if pre[i] < 0 { negative.insert(index) }
            best.consider(index: index, value: abs(pre[i]))
        }
    }

    func features() -> [ActiveFeature] {
        best.features().map {
            ActiveFeature(index: $0.index, value: negative.contains($0.index) ? -$0.value : $0.value)
        }.byFallingActivation()
    }
}

/// TopK among one run of neurons, times a factor; all others are off.
struct ExpertSelector: FeatureSelector {
    let neurons: Range<Int>
    let factor: Float
    private var best: TopKSelector

    init(neurons: Range<Int>, factor: Float, k: Int) {
        self.neurons = neurons
        self.factor = factor
        best = TopKSelector(k: k)
    }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        let shared = neurons.clamped(to: first..<first + count)
        guard !shared.isEmpty else { return }
        best.consider(pre + shared.lowerBound - first, first: shared.lowerBound, count: shared.count)
    }

    func features() -> [ActiveFeature] {
        best.features().compactMap {
            let value = $0.value * factor
            return value > 0 ? ActiveFeature(index: $0.index, value: value) : nil
        }
    }
}

extension TopKSelector {
    /// Whether a value would be kept now.
    func admits(_ value: Float) -> Bool { heap.count < k ? value > 0 : value > (heap.first?.value ?? .infinity) }
}
