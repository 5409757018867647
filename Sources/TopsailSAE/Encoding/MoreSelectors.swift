import TopsailCore

/// What exceeds the neuron's threshold stays, whatever its sign: a mask without a ReLU.
struct MaskSelector: FeatureSelector {
    let thresholds: [Float]
    private var kept: [ActiveFeature] = []

    init(thresholds: [Float]) { self.thresholds = thresholds }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        for i in 0..<count where pre[i] > thresholds[first + i] && pre[i] != 0 {
            kept.append(ActiveFeature(index: Int32(first + i), value: pre[i]))
        }
    }

    func features() -> [ActiveFeature] { kept.byFallingActivation() }
}

/// Everything that is not zero.
struct EverythingSelector: FeatureSelector {
    private var kept: [ActiveFeature] = []

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        for i in 0..<count where pre[i] != 0 {
            kept.append(ActiveFeature(index: Int32(first + i), value: pre[i]))
        }
    }

    func features() -> [ActiveFeature] { kept.byFallingActivation() }
}

/// A gate and a magnitude made from the same product.
struct GatedSelector: FeatureSelector {
    let gateBias: [Float]
    let magnitudeBias: [Float]
    let magnitudeScale: [Float]
    private var kept: [ActiveFeature] = []

    init(gateBias: [Float], magnitudeBias: [Float], magnitudeScale: [Float]) {
        self.gateBias = gateBias
        self.magnitudeBias = magnitudeBias
        self.magnitudeScale = magnitudeScale
    }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        for i in 0..<count {
            let index = first + i
            guard pre[i] + gateBias[index] > 0 else { continue }
            let value = pre[i] * magnitudeScale[index] + magnitudeBias[index]
            if value > 0 { kept.append(ActiveFeature(index: Int32(index), value: value)) }
        }
    }

    func features() -> [ActiveFeature] { kept.byFallingActivation() }
}

/// The strongest of each run of `size` neurons that is above zero; of equal ones the first.
struct GroupMaxSelector: FeatureSelector {
    let size: Int
    private var kept: [ActiveFeature] = []
    private var group = -1

    init(size: Int) { self.size = size }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        for i in 0..<count where pre[i] > 0 {
            let feature = ActiveFeature(index: Int32(first + i), value: pre[i])
            if (first + i) / size != group {
                group = (first + i) / size
                kept.append(feature)
            } else if let last = kept.last, feature.value > last.value {
                kept[kept.count - 1] = feature
            }
        }
    }

    func features() -> [ActiveFeature] { kept.byFallingActivation() }
}

/// The largest above zero; of equal ones the first.
struct LargestSelector: FeatureSelector {
    private var best: ActiveFeature?

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        for i in 0..<count where pre[i] > (best?.value ?? 0) {
            best = ActiveFeature(index: Int32(first + i), value: pre[i])
        }
    }

    func features() -> [ActiveFeature] { best.map { [$0] } ?? [] }
}

/// The largest values of all tokens together.
struct BatchSelection {
    /// So many survive.
    let budget: Int

    /// Of equal values those of the earlier token and the lower index survive.
    func select(_ rows: [[ActiveFeature]]) -> [[ActiveFeature]] {
        let total = rows.reduce(0) { $0 + $1.count }
        guard total > budget else { return rows }
        guard budget > 0 else { return rows.map { _ in [] } }
        var values: [Float] = []
        values.reserveCapacity(total)
        for row in rows { values += row.lazy.map(\.value) }
        values.sort(by: >)
        let floor = values[budget - 1]
        // Of those that equal the last to survive, as many as there is room for.
        var room = budget - values.prefix { $0 > floor }.count
        return rows.map { row in
            row.filter { feature in
                guard feature.value == floor else { return feature.value > floor }
                room -= 1
                return room >= 0
            }
        }
    }
}
