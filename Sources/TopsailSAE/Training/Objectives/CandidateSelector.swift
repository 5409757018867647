import TopsailCore
import TopsailTensor

/// Is shown one row's pre-activations and keeps those that may become active.
protocol CandidateSelector {
    /// Looks at pre-activations `first ..< first + count`. Blocks come in rising order.
    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int)
    /// Offers one candidate whose index is above that of every earlier one.
    mutating func consider(index: Int32, value: Float)
    /// In an order that depends on the row alone.
    var kept: [ActiveFeature] { get }
}

extension TopKSelector: CandidateSelector {
    var kept: [ActiveFeature] { heap }
}

/// Keeps everything above a floor, by rising index.
struct FloorSelector: CandidateSelector {
    let floor: Float
    private(set) var kept: [ActiveFeature] = []

    init(floor: Float) { self.floor = floor }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        var i = SparseRows.firstIndex(above: floor, in: pre, from: 0, count: count)
        while i < count {
            kept.append(ActiveFeature(index: Int32(first + i), value: pre[i]))
            i = SparseRows.firstIndex(above: floor, in: pre, from: i + 1, count: count)
        }
    }

    mutating func consider(index: Int32, value: Float) {
        if value > floor { kept.append(ActiveFeature(index: index, value: value)) }
    }
}

/// Keeps everything above a floor of its own for each neuron, by rising index.
struct FloorsSelector: CandidateSelector {
    let floors: UnsafePointer<Float>
    /// The least of the floors.
    let lowest: Float
    private(set) var kept: [ActiveFeature] = []

    init(floors: UnsafePointer<Float>, lowest: Float) {
        self.floors = floors
        self.lowest = lowest
    }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        var i = SparseRows.firstIndex(above: lowest, in: pre, from: 0, count: count)
        while i < count {
            consider(index: Int32(first + i), value: pre[i])
            i = SparseRows.firstIndex(above: lowest, in: pre, from: i + 1, count: count)
        }
    }

    mutating func consider(index: Int32, value: Float) {
        if value > floors[Int(index)] { kept.append(ActiveFeature(index: index, value: value)) }
    }
}

/// Keeps the k pre-activations of greatest magnitude, whatever their sign.
struct MagnitudeSelector: CandidateSelector {
    private let k: Int
    private var positive: TopKSelector
    private var negative: TopKSelector

    init(k: Int) {
        self.k = k
        positive = TopKSelector(k: k)
        negative = TopKSelector(k: k)
    }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        positive.consider(pre, first: first, count: count)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { negated in
            for i in 0..<count { negated[i] = -pre[i] }
            negative.consider(negated.baseAddress!, first: first, count: count)
        }
    }

    mutating func consider(index: Int32, value: Float) {
        positive.consider(index: index, value: value)
        negative.consider(index: index, value: -value)
    }

    var kept: [ActiveFeature] {
        let both = positive.heap + negative.heap.map { ActiveFeature(index: $0.index, value: -$0.value) }
        return Array(both.sorted { (abs($0.value), $1.index) > (abs($1.value), $0.index) }.prefix(k))
    }
}
