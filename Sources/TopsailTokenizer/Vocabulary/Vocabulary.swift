import TopsailCore

/// The entries of a vocabulary as its file spells them, and the way back from a spelling to its id.
///
/// All bytes lie in one pool and the index is one open-addressing table, so that building 50,000 entries takes a few
/// milliseconds and no allocation per token. Keys are bytes: `String` would merge canonically equivalent entries.
package struct Vocabulary: Sendable {
    /// What the entry of an id is.
    package enum Kind: UInt8, Sendable {
        /// There is no entry.
        case absent
        /// What the model yields.
        case piece
        /// Not found by the model: added tokens, padding.
        case added
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

    /// Gives an id its spelling, in place of the one it may have had. Of two pieces spelled alike the later is found.
    ///
    /// - Precondition: `kind` is not `absent`; an id that was a piece stays one.
    /// - Returns: `false` when the pool of bytes is full (4 GiB).
    package mutating func setEntry(_ id: TokenID, _ spelling: some Collection<UInt8>, kind: Kind) -> Bool {
        guard pool.count + spelling.count <= UInt32.max else { return false }
        let start = pool.count
        pool.append(contentsOf: spelling)
        entries[Int(id)] = Entry(start: UInt32(start), length: UInt32(pool.count - start), kind: kind)
        if kind == .piece { index(id) }
        return true
    }

    package func kind(of id: TokenID) -> Kind {
        entries.indices.contains(Int(id)) ? entries[Int(id)].kind : .absent
    }

    /// The UTF-8 of an entry; empty when there is none.
    package func spelling(of id: TokenID) -> ArraySlice<UInt8> {
        guard entries.indices.contains(Int(id)) else { return [] }
        return pool[range(of: entries[Int(id)])]
    }

    /// The piece that is spelled exactly so.
    package func piece(_ spelling: UnsafeRawBufferPointer) -> TokenID? {
        pool.withUnsafeBytes { pool in
            let id = slots[slot(of: spelling, hash: ByteHash.hash(spelling), in: pool)]
            return id == 0 ? nil : TokenID(truncatingIfNeeded: id) - 1
        }
    }

    package func piece(_ text: UTF8Text) -> TokenID? { piece(text.bytes) }

    package func piece(_ spelling: some Sequence<UInt8>) -> TokenID? { Array(spelling).withUnsafeBytes { piece($0) } }

    /// Calls `body` with each piece, in the order of their ids.
    package func forEachPiece(_ body: (TokenID, UTF8Text) -> Void) {
        pool.withUnsafeBytes { pool in
            for (id, entry) in entries.enumerated() where entry.kind == .piece {
                body(TokenID(id), UTF8Text(UnsafeRawBufferPointer(rebasing: pool[range(of: entry)])))
            }
        }
    }

    private func range(of entry: Entry) -> Range<Int> { Int(entry.start)..<Int(entry.start) + Int(entry.length) }

    private mutating func index(_ id: TokenID) {
        pool.withUnsafeBytes { pool in
            let key = UnsafeRawBufferPointer(rebasing: pool[range(of: entries[Int(id)])])
            let hash = ByteHash.hash(key)
            slots[slot(of: key, hash: hash, in: pool)] =
                hash & 0xFFFF_FFFF_0000_0000 | UInt64(UInt32(bitPattern: id) + 1)
        }
    }

    /// The slot that holds the key, or the empty one where it belongs.
    private func slot(of key: UnsafeRawBufferPointer, hash: UInt64, in pool: UnsafeRawBufferPointer) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] >> 32 == hash >> 32 {
                let range = range(of: entries[Int(slots[slot] & 0xFFFF_FFFF) - 1])
                if range.count == key.count, ByteHash.areEqual(key, pool, at: range.lowerBound) { return slot }
            }
            slot = (slot + 1) & mask
        }
        return slot
    }
}

/// The tokens that stand for single bytes, spelled `<0x00>` to `<0xFF>`.
package struct ByteTokens: Sendable {
    /// -1 for a byte without a token.
    private let ids: [TokenID]

    package init(in vocabulary: Vocabulary) {
        ids = (UInt8.min...UInt8.max).map { vocabulary.piece(Self.spelling(of: $0)) ?? -1 }
    }

    package var isComplete: Bool { !ids.contains(-1) }

    /// The tokens of all bytes of a text; `nil` unless each has one.
    func tokens(of bytes: UnsafeRawBufferPointer) -> [TokenID]? {
        let tokens = bytes.map { ids[Int($0)] }
        return tokens.contains(-1) ? nil : tokens
    }

    static func spelling(of byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return Array("<0x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)], UInt8(ascii: ">")]
    }

    /// The byte that a token spells; a sign is taken for a digit's place, as in the reference.
    static func byte(spelledBy token: some BidirectionalCollection<UInt8>) -> UInt8? {
        let token = Array(token)
        guard token.count == 6, token.starts(with: Array("<0x".utf8)), token[5] == UInt8(ascii: ">") else { return nil }
        let digits = token[3] == UInt8(ascii: "+") ? token[4...4] : token[3...4]
        return digits.reduce(UInt8?.some(0)) { value, digit in
            guard let value, let next = Character(Unicode.Scalar(digit)).hexDigitValue, digit < 0x80 else { return nil }
            return value << 4 | UInt8(next)
        }
    }
}
