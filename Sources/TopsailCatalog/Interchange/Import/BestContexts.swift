/// Keeps the strongest of a neuron's contexts while they stream by, so that a folder of gigabytes fits into memory.
struct BestContexts {
    private let limits: ImportOptions
    /// Binary heaps by band, the weakest context at the root.
    private var bands: [Int: [Entry]] = [:]
    private var count = 0
    /// Contexts whose largest activation was on a token that begins a text.
    private(set) var startPeaks = 0

    private struct Entry {
        let context: ImportedContext
        let strength: Float
        let order: Int

        /// Of equals the later one goes first.
        func isWeaker(than other: Entry) -> Bool {
            (strength, -order) < (other.strength, -other.order)
        }
    }

    init(_ limits: ImportOptions) { self.limits = limits }

    var isEmpty: Bool { bands.isEmpty }

    /// Takes a context, unless as many stronger ones are known or it is there already.
    mutating func add(_ context: ImportedContext) {
        var context = context
        if StartTokens.peak(in: context) {
            startPeaks += 1
            if limits.ignoresStartTokens { StartTokens.clear(&context) }
        }
        let limit = context.band == 0 ? limits.contexts : limits.contextsPerBand
        guard limit > 0 else { return }
        let entry = Entry(context: context, strength: context.strength, order: count)
        count += 1
        var heap = bands[context.band] ?? []
        if heap.count == limit, entry.isWeaker(than: heap[0]) { return }
        // The same text often comes twice; the weaker of the two goes.
        if let twin = heap.firstIndex(where: { $0.context.tokens == context.tokens }) {
            guard heap[twin].isWeaker(than: entry) else { return }
            heap[twin] = entry
            heap.sort { $0.isWeaker(than: $1) }
        } else if heap.count < limit {
            heap.append(entry)
            Self.rise(&heap)
        } else {
            heap[0] = entry
            Self.sink(&heap)
        }
        bands[context.band] = heap
    }

    /// Those that are left: band after band, the strongest of each first.
    var contexts: [ImportedContext] {
        bands.sorted { $0.key < $1.key }.flatMap { band in
            band.value.sorted { $1.isWeaker(than: $0) }.map(\.context)
        }
    }

    private static func rise(_ heap: inout [Entry]) {
        var child = heap.count - 1
        while child > 0, case let parent = (child - 1) / 2, heap[child].isWeaker(than: heap[parent]) {
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private static func sink(_ heap: inout [Entry]) {
        var parent = 0
        while true {
            var weakest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].isWeaker(than: heap[weakest]) { weakest = child }
            }
            if weakest == parent { return }
            heap.swapAt(parent, weakest)
            parent = weakest
        }
    }
}

/// Tokens that begin a text, on which many SAEs fire strongly without meaning anything by it (SAEDashboard#46).
enum StartTokens {
    private static let texts: Set<String> = [
        "<bos>", "<s>", "<|endoftext|>", "<|im_start|>", "<|begin_of_text|>", "<|startoftext|>", "[CLS]",
    ]

    /// Whether the largest activation is on such a token.
    static func peak(in context: ImportedContext) -> Bool {
        guard context.tokens.count == context.activations.count, context.strength > 0 else { return false }
        let strength = context.strength
        let peak = context.activations.firstIndex { abs($0) == strength }
        return peak.map { texts.contains(context.tokens[$0]) } ?? false
    }

    static func clear(_ context: inout ImportedContext) {
        for index in context.tokens.indices where texts.contains(context.tokens[index]) {
            context.activations[index] = 0
        }
    }
}
