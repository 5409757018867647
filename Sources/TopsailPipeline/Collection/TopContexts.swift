/// The strongest contexts of a neuron, at most one of each document.
package struct TopContexts: Sendable, Hashable {
    package let capacity: Int
    /// Strongest first.
    package private(set) var contexts: [PeakContext] = []

    package init(capacity: Int) { self.capacity = capacity }

    /// Whether a peak would be kept.
    func admits(value: Float, document: Int, position: Int) -> Bool {
        if let rival = contexts.first(where: { $0.document == document }) {
            return PeakContext.precedes((value, document, position), (rival.value, rival.document, rival.position))
        }
        guard contexts.count == capacity, let last = contexts.last else { return capacity > 0 }
        return PeakContext.precedes((value, document, position), (last.value, last.document, last.position))
    }

    package mutating func insert(_ context: PeakContext) {
        guard admits(value: context.value, document: context.document, position: context.position) else { return }
        contexts.removeAll { $0.document == context.document }
        let place = contexts.firstIndex { PeakContext.precedes(context, $0) } ?? contexts.count
        contexts.insert(context, at: place)
        if contexts.count > capacity { contexts.removeLast() }
    }

    package mutating func merge(_ other: TopContexts) {
        for context in other.contexts { insert(context) }
    }
}
