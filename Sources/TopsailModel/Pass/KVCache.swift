import TopsailTensor

/// Keys and values of the tokens already read, for several sequences ("slots") of one model.
///
/// Layout: `[layer, slot, kv head]` rows of `capacity * d_head` floats, so the keys of one head lie side by side. Memory is
/// touched only as positions fill.
final class KVCache {
    let slots: Int
    /// Longest sequence in tokens.
    let capacity: Int
    private let nKVHeads: Int
    private let dHead: Int
    private let keyRows: FloatMatrix
    private let valueRows: FloatMatrix
    /// For each slot and layer, how many leading positions are filled. Never rises with depth: a pass that stopped early
    /// leaves the layers above it behind.
    private var filled: [[Int]]

    init(_ configuration: ModelConfiguration, slots: Int, capacity: Int) {
        self.slots = slots
        self.capacity = capacity
        nKVHeads = configuration.nKVHeads
        dHead = configuration.dHead
        let rows = configuration.nLayers * slots * nKVHeads
        keyRows = FloatMatrix(rows: rows, columns: capacity * dHead)
        valueRows = FloatMatrix(rows: rows, columns: capacity * dHead)
        filled = Array(repeating: Array(repeating: 0, count: configuration.nLayers), count: slots)
    }

    /// Keys of one head: `[capacity, d_head]`.
    func keys(layer: Int, slot: Int, head: Int) -> UnsafeMutablePointer<Float> {
        keyRows.row((layer * slots + slot) * nKVHeads + head).baseAddress!
    }

    /// Values of one head: `[capacity, d_head]`.
    func values(layer: Int, slot: Int, head: Int) -> UnsafeMutablePointer<Float> {
        valueRows.row((layer * slots + slot) * nKVHeads + head).baseAddress!
    }

    /// Leading positions that are filled in every layer below `layers`.
    func length(slot: Int, layers: Int) -> Int { layers == 0 ? capacity : filled[slot][layers - 1] }

    /// Notes that `layer` now holds `length` positions.
    func fill(slot: Int, layer: Int, length: Int) { filled[slot][layer] = length }

    /// Copies the first `length` positions of every layer from one slot to another, as far as they are filled.
    func copy(slot source: Int, to target: Int, length: Int) {
        for layer in filled[source].indices {
            let count = min(filled[source][layer], length)
            for head in 0..<nKVHeads {
                keys(layer: layer, slot: target, head: head)
                    .update(from: keys(layer: layer, slot: source, head: head), count: count * dHead)
                values(layer: layer, slot: target, head: head)
                    .update(from: values(layer: layer, slot: source, head: head), count: count * dHead)
            }
            filled[target][layer] = count
        }
    }

    /// Forgets everything from position `length` on.
    func truncate(slot: Int, to length: Int) {
        for layer in filled[slot].indices { filled[slot][layer] = min(filled[slot][layer], length) }
    }
}
