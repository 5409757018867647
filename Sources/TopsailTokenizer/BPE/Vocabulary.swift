import TopsailCore

/// The entries of a byte-level vocabulary, and the way from bytes back to ids.
///
/// All bytes lie in one pool and the index is one open-addressing table, so that building 50,000 entries takes a few
/// milliseconds and no allocation per token. Keys are bytes: `String` would merge canonically equivalent entries.
package struct Vocabulary: Sendable {
    /// What the entry of an id is.
    package enum Kind: UInt8, Sendable {
        /// There is no entry.
        case absent
        /// Bytes spelled in the byte alphabet; what merging yields.
        case piece
        /// Spelled as it stands and not found by merging: added tokens, padding.
        case literal
    }

    private struct Entry: Sendable {
        var start: UInt32 = 0
        var length: UInt32 = 0
        var kind = Kind.absent
    }

    private var pool: [UInt8] = []
    private var entries: [Entry]
    /// The high half of a key's hash in the high half, its id plus one in the low half; 0 for an empty slot.
    private var slots: [UInt64]

    /// One more than the highest id.
    package var count: Int { entries.count }

    /// More ids than any published vocabulary has by an order of magnitude; a bound on what a hostile file can ask for.
    package static let mostEntries = 1 << 22

    /// - Parameter count: One more than the highest id, at most `mostEntries`.
    package init(count: Int) {
        precondition((0...Self.mostEntries).contains(count), "a vocabulary of \(count) entries")
        entries = Array(repeating: Entry(), count: count)
        slots = Array(repeating: 0, count: OpenAddressing.slotCount(holding: count))
        pool.reserveCapacity(count * 8)
    }

    /// Gives an id the bytes that an entry of the vocabulary spells.
    ///
    /// An entry with characters outside the alphabet stands for its own UTF-8, as in Hugging Face's decoder, and is
    /// never the outcome of merging. When two ids stand for the same bytes, merging finds the first.
    ///
    /// - Returns: `false` when the pool of bytes is full (4 GiB).
    package mutating func setEntry(_ id: TokenID, spelled entry: UnsafeRawBufferPointer) -> Bool {
        guard pool.count + entry.count <= UInt32.max else { return false }
        let start = pool.count
        let isPiece = ByteAlphabet.appendBytes(spelledBy: entry, to: &pool)
        if !isPiece { pool.append(contentsOf: entry) }
        record(id, start: start, kind: isPiece ? .piece : .literal)
        if isPiece { index(id) }
        return true
    }

    /// Gives an id literal text, as added tokens have it, in place of the entry it may have had.
    ///
    /// - Returns: `false` when the pool of bytes is full (4 GiB).
    package mutating func setLiteral(_ id: TokenID, text: String) -> Bool {
        guard pool.count + text.utf8.count <= UInt32.max else { return false }
        let start = pool.count
        pool.append(contentsOf: text.utf8)
        record(id, start: start, kind: .literal)
        return true
    }

    package func kind(of id: TokenID) -> Kind {
        entries.indices.contains(Int(id)) ? entries[Int(id)].kind : .absent
    }

    /// The bytes an id stands for; empty when it has no entry.
    package func bytes(of id: TokenID) -> ArraySlice<UInt8> {
        guard entries.indices.contains(Int(id)) else { return [] }
        let entry = entries[Int(id)]
        return pool[Int(entry.start)..<Int(entry.start) + Int(entry.length)]
    }

    /// The piece that stands for exactly these bytes.
    package func piece(for key: UnsafeRawBufferPointer) -> TokenID? {
        pool.withUnsafeBytes { pool in
            let id = slots[slot(of: key, hash: ByteHash.hash(key), in: pool)]
            return id == 0 ? nil : TokenID(truncatingIfNeeded: id) - 1
        }
    }

    /// The piece that stands for each single byte; -1 for bytes the vocabulary does without.
    package func singleBytePieces() -> [TokenID] {
        (UInt8.min...UInt8.max).map { byte in withUnsafeBytes(of: byte) { piece(for: $0) ?? -1 } }
    }

    private mutating func record(_ id: TokenID, start: Int, kind: Kind) {
        entries[Int(id)] = Entry(start: UInt32(start), length: UInt32(pool.count - start), kind: kind)
    }

    private mutating func index(_ id: TokenID) {
        let entry = entries[Int(id)]
        pool.withUnsafeBytes { pool in
            let key = UnsafeRawBufferPointer(
                rebasing: pool[Int(entry.start)..<Int(entry.start) + Int(entry.length)])
            let hash = ByteHash.hash(key)
            let slot = slot(of: key, hash: hash, in: pool)
            if slots[slot] == 0 { slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(UInt32(bitPattern: id) + 1) }
        }
    }

    /// The slot that holds the key, or the empty one where it belongs.
    private func slot(of key: UnsafeRawBufferPointer, hash: UInt64, in pool: UnsafeRawBufferPointer) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] >> 32 == hash >> 32 {
                let entry = entries[Int(slots[slot] & 0xFFFF_FFFF) - 1]
                let range = Int(entry.start)..<Int(entry.start) + Int(entry.length)
                if range.count == key.count, pool[range].elementsEqual(key) { return slot }
            }
            slot = (slot + 1) & mask
        }
        return slot
    }
}
