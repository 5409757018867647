import TopsailCore

/// Remembers where the tokens of short pre-tokens already stand in the output: most of a text is the same few words.
///
/// Direct-mapped and of fixed size: a newcomer takes the slot of what was there. Belongs to one call of `encode`, so
/// that tokenizers need no lock.
struct PieceCache {
    private struct Slot {
        var low: UInt64 = 0
        var high: UInt64 = 0
        /// Bytes in the key; 0 for an empty slot.
        var length: UInt32 = 0
        var count: UInt32 = 0
        var start = 0
    }

    /// A pre-token as two words, padded with zeros.
    struct Key {
        fileprivate var low: UInt64 = 0
        fileprivate var high: UInt64 = 0
        fileprivate var length: UInt32
    }

    private static let longestKey = 16
    private static let mostSlots = 1 << 14
    private var slots: [Slot]

    /// - Parameter textBytes: Length of the text; a short one gets a small cache.
    init(textBytes: Int) {
        var count = 16
        while count < min(textBytes / 8, Self.mostSlots) { count *= 2 }
        slots = Array(repeating: Slot(), count: count)
    }

    /// `nil` for a pre-token that is too long to be remembered.
    static func key(_ piece: UnsafeRawBufferPointer) -> Key? {
        guard piece.count <= longestKey, let base = piece.baseAddress else { return nil }
        var key = Key(length: UInt32(piece.count))
        withUnsafeMutableBytes(of: &key.low) { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece.prefix(8))) }
        if piece.count > 8 {
            let rest = UnsafeRawBufferPointer(start: base + 8, count: piece.count - 8)
            withUnsafeMutableBytes(of: &key.high) { $0.copyMemory(from: rest) }
        }
        return key
    }

    /// Where in the output the tokens of the pre-token stand.
    func find(_ key: Key) -> Range<Int>? {
        let slot = slots[index(of: key)]
        guard slot.low == key.low, slot.high == key.high, slot.length == key.length else { return nil }
        return slot.start..<slot.start + Int(slot.count)
    }

    mutating func insert(_ key: Key, tokensAt range: Range<Int>) {
        guard let count = UInt32(exactly: range.count) else { return }
        slots[index(of: key)] = Slot(
            low: key.low, high: key.high, length: key.length, count: count, start: range.lowerBound)
    }

    private func index(of key: Key) -> Int {
        let hash = OpenAddressing.mix(key.low ^ OpenAddressing.mix(key.high &+ UInt64(key.length)))
        return Int(truncatingIfNeeded: hash) & (slots.count - 1)
    }
}
