import Foundation
import TopsailTensor

/// Keys and values of the tokens already read, for several sequences ("slots") of one model.
///
/// Layout: `[layer, slot, kv head]` rows of `room * d_head` floats, so the keys of one head lie side by side. Room is made as
/// sequences grow: contexts of 131,072 tokens would take address space that many machines do not lend. Memory is touched only
/// as positions fill.
final class KVCache {
    let slots: Int
    /// Longest sequence in tokens.
    let capacity: Int
    private let nKVHeads: Int
    private let dHead: Int
    /// Positions that there is room for; at most `capacity`.
    private var room = 0
    private var keyRows = FloatMatrix(rows: 0, columns: 0)
    private var valueRows = FloatMatrix(rows: 0, columns: 0)
    /// For each slot and layer, how many leading positions are filled. Never rises with depth: a pass that stopped early
    /// leaves the layers above it behind.
    private var filled: [[Int]]

    init(_ configuration: ModelConfiguration, slots: Int, capacity: Int) {
        self.slots = slots
        self.capacity = capacity
        nKVHeads = configuration.nKVHeads
        dHead = configuration.dHead
        filled = Array(repeating: Array(repeating: 0, count: configuration.nLayers), count: slots)
    }

    /// Room that is made at once; more is doubled as it is needed.
    private static let firstRoom = 2048

    /// Makes room for sequences of `length` tokens. Pointers handed out before hold no longer.
    ///
    /// - Throws: `ModelError.cacheTooLarge` when the keys and values of so many tokens are more than the machine has memory.
    func reserve(_ length: Int) throws {
        guard length > room else { return }
        let wanted = min(capacity, max(length, 2 * room, Self.firstRoom))
        let rows = (filled.first?.count ?? 0) * slots * nKVHeads
        try Self.check(tokens: length, floats: [2, rows, length, dHead])
        // What is asked for fits; twice of what was there need not.
        let isModest = (try? Self.check(tokens: wanted, floats: [2, rows, wanted, dHead])) != nil
        let newRoom = isModest ? wanted : length
        keyRows = enlarged(keyRows, rows: rows, room: newRoom)
        valueRows = enlarged(valueRows, rows: rows, room: newRoom)
        room = newRoom
    }

    private static func check(tokens: Int, floats: [Int]) throws {
        var bytes = MemoryLayout<Float>.stride
        for factor in floats {
            let (product, overflows) = bytes.multipliedReportingOverflow(by: factor)
            bytes = overflows ? .max : product
        }
        guard UInt64(bytes) <= ProcessInfo.processInfo.physicalMemory else {
            throw ModelError.cacheTooLarge(tokens: tokens, bytes: bytes)
        }
    }

    private func enlarged(_ old: borrowing FloatMatrix, rows: Int, room newRoom: Int) -> FloatMatrix {
        let new = FloatMatrix(rows: rows, columns: newRoom * dHead)
        for (slot, lengths) in filled.enumerated() {
            for (layer, length) in lengths.enumerated() where length > 0 {
                for head in 0..<nKVHeads {
                    let row = (layer * slots + slot) * nKVHeads + head
                    new.row(row).baseAddress!.update(from: old.row(row).baseAddress!, count: length * dHead)
                }
            }
        }
        return new
    }

    /// Keys of one head: `[room, d_head]`.
    func keys(layer: Int, slot: Int, head: Int) -> UnsafeMutablePointer<Float> {
        keyRows.row((layer * slots + slot) * nKVHeads + head).baseAddress!
    }

    /// Values of one head: `[room, d_head]`.
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
