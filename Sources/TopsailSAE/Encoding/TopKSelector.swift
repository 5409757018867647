import TopsailCore
import TopsailTensor

/// TopK followed by ReLU: the k largest positive pre-activations stay; of equal ones those with the lower index.
///
/// A row's survivors sit in a heap with the weakest on top. Its value is the floor the next candidate must exceed, so after
/// the first blocks nearly everything is rejected by one vector comparison.
struct TopKSelector: FeatureSelector {
    let k: Int
    private(set) var heap: [ActiveFeature] = []
    /// ReLU comes after the choice, so what is not positive can be left out of it from the start.
    private var floor: Float

    /// - Parameter floor: What a value must exceed to be looked at.
    init(k: Int, floor: Float = 0) {
        self.k = k
        self.floor = floor
        heap.reserveCapacity(min(k, 4096))
    }

    mutating func consider(_ pre: UnsafePointer<Float>, first: Int, count: Int) {
        guard k > 0 else { return }
        var i = SparseRows.firstIndex(above: floor, in: pre, from: 0, count: count)
        while i < count {
            insert(ActiveFeature(index: Int32(first + i), value: pre[i]))
            i = SparseRows.firstIndex(above: floor, in: pre, from: i + 1, count: count)
        }
    }

    /// Offers one candidate whose index is above that of every earlier one.
    mutating func consider(index: Int32, value: Float) {
        if value > floor && k > 0 { insert(ActiveFeature(index: index, value: value)) }
    }

    func features() -> [ActiveFeature] { heap.byFallingActivation() }

    // MARK: Heap

    private mutating func insert(_ feature: ActiveFeature) {
        if heap.count < k {
            heap.append(feature)
            siftUp()
        } else {
            heap[0] = feature
            siftDown()
        }
        if heap.count == k { floor = heap[0].value }
    }

    /// Whether `a` gives way before `b`: the smaller value, of equal values the higher index.
    private static func isWeaker(_ a: ActiveFeature, _ b: ActiveFeature) -> Bool {
        a.value < b.value || (a.value == b.value && a.index > b.index)
    }

    private mutating func siftUp() {
        heap.withUnsafeMutableBufferPointer { heap in
            var child = heap.count - 1
            while child > 0 {
                let parent = (child - 1) / 2
                guard Self.isWeaker(heap[child], heap[parent]) else { return }
                heap.swapAt(child, parent)
                child = parent
            }
        }
    }

    private mutating func siftDown() {
        heap.withUnsafeMutableBufferPointer { heap in
            var parent = 0
            while true {
                var weakest = parent
                for child in (2 * parent + 1)...(2 * parent + 2) where child < heap.count {
                    if Self.isWeaker(heap[child], heap[weakest]) { weakest = child }
                }
                if weakest == parent { return }
                heap.swapAt(weakest, parent)
                parent = weakest
            }
        }
    }
}
