import TopsailCore

/// A merge: what a pair of neighbouring tokens becomes, and how early that happens.
///
/// One word, so that the smallest of several is the one to do first.
package struct Merge: Sendable, Comparable {
    package let bits: UInt64

    /// No merge; larger than any.
    package static let none = Merge(bits: .max)

    package init(rank: UInt32, result: TokenID) {
        bits = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: result))
    }

    private init(bits: UInt64) {
        self.bits = bits
    }

    /// Position in the list of merges; lower ranks are merged first.
    package var rank: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }
    /// The token that the pair becomes.
    package var result: TokenID { TokenID(truncatingIfNeeded: bits) }

    package static func < (a: Merge, b: Merge) -> Bool { a.bits < b.bits }
}

/// The merges of a BPE model, found by the pair of ids they join.
package struct MergeTable: Sendable {
    private struct Slot: Sendable {
        var pair = UInt64.max
        var merge = Merge.none
    }

    private var slots: [Slot]
    private let mask: Int

    /// - Parameter capacity: The most merges that will be inserted.
    package init(capacity: Int) {
        slots = Array(repeating: Slot(), count: OpenAddressing.slotCount(holding: capacity))
        mask = slots.count - 1
    }

    /// Adds a merge; for a pair that is there already, the later one counts.
    package mutating func insert(_ merge: Merge, joining left: TokenID, _ right: TokenID) {
        let pair = Self.key(left, right)
        slots[slot(of: pair)] = Slot(pair: pair, merge: merge)
    }

    /// What the pair becomes; `.none` when it is not merged.
    package func merge(_ left: TokenID, _ right: TokenID) -> Merge { slots[slot(of: Self.key(left, right))].merge }

    private static func key(_ left: TokenID, _ right: TokenID) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    private func slot(of pair: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: OpenAddressing.mix(pair)) & mask
        while slots[slot].pair != pair, slots[slot].pair != .max { slot = (slot + 1) & mask }
        return slot
    }
}
