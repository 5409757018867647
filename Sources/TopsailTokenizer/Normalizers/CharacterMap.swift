/// A map from character sequences to replacements as SentencePiece compiles it: a double-array trie and a pool of texts.
///
/// Source: SentencePiece's `normalizer.cc` and the darts-clone library for the layout of the units.
package struct CharacterMap: Sendable {
    private let units: [UInt32]
    /// Replacements, each ended by a zero byte.
    private let pool: [UInt8]

    /// - Parameter blob: The size of the trie in bytes (little endian), the trie, the pool.
    /// - Returns: `nil` when the sizes do not fit or the pool is not UTF-8.
    package init?(_ blob: [UInt8]) {
        guard blob.count >= 4 else { return nil }
        func word(_ at: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(blob[at + $1]) << UInt32(8 * $1) }
        }
        let size = Int(word(0))
        guard size % 4 == 0, size >= 4, size <= blob.count - 4 else { return nil }
        units = stride(from: 4, to: 4 + size, by: 4).map(word)
        pool = Array(blob[(4 + size)...])
        guard String(validating: pool, as: UTF8.self) != nil else { return nil }
    }

    /// The replacement of the longest key at a position, and where that key ends.
    func longestMatch(in text: UTF8Text, at position: Int) -> (end: Int, replacement: ArraySlice<UInt8>)? {
        var found: (end: Int, value: Int)?
        walk(text, from: position, to: text.count) { end, value in
            found = (end, value)
            return true
        }
        return found.map { ($0.end, replacement(at: $0.value)) }
    }

    /// The replacement of the shortest key that a stretch begins with.
    private func shortestMatch(in text: UTF8Text, _ range: Range<Int>) -> ArraySlice<UInt8>? {
        var found: Int?
        walk(text, from: range.lowerBound, to: range.upperBound) { _, value in
            found = value
            return false
        }
        return found.map(replacement)
    }

    /// Calls `body` with each key at a position, shortest first, while it answers `true`.
    private func walk(_ text: UTF8Text, from start: Int, to end: Int, _ body: (Int, Int) -> Bool) {
        var node = Self.offset(units[0])
        var position = start
        while position < end {
            let byte = UInt32(text.bytes[position])
            node ^= Int(byte)
            guard node < units.count, Self.label(units[node]) == byte else { return }
            let unit = units[node]
            node ^= Self.offset(unit)
            position += 1
            if unit >> 8 & 1 == 1 {
                guard node < units.count else { return }
                // A key that ends within a code point matches no text.
                guard position == text.count || text.bytes[position] & 0xC0 != 0x80 else { continue }
                guard body(position, Int(units[node] & 0x7FFF_FFFF)) else { return }
            }
        }
    }

    private static func offset(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & (1 << 9)) >> 6)) }

    private static func label(_ unit: UInt32) -> UInt32 { unit & ((1 << 31) | 0xFF) }

    private func replacement(at start: Int) -> ArraySlice<UInt8> {
        guard start < pool.count, pool[start] & 0xC0 != 0x80 else { return [] }
        let rest = pool[start...]
        return rest.prefix(while: { $0 != 0 })
    }
}

extension CharacterMap {
    /// The map applied as `tokenizers` does: to short grapheme clusters whole, else to each code point, and in both cases
    /// by the shortest key that they begin with.
    func normalizedByGrapheme(_ text: UTF8Text, keepsStart: inout Bool) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var position = 0
        for cluster in String(decoding: text.bytes, as: UTF8.self) {
            let end = position + cluster.utf8.count
            if end - position < 6, let whole = shortestMatch(in: text, position..<end) {
                output.append(contentsOf: whole)
                position = end
            }
            while position < end {
                let next = text.next(after: position)
                if let single = shortestMatch(in: text, position..<next) {
                    output.append(contentsOf: single)
                } else {
                    output.append(contentsOf: text.bytes[position..<next])
                }
                position = next
            }
            if output.isEmpty { keepsStart = false }
        }
        return output
    }
}
