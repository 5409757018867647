/// What the flat hash tables here have in common: a power of two of slots, at most half of them full, linear probing.
enum OpenAddressing {
    static func slotCount(holding count: Int) -> Int {
        var slots = 16
        while slots < count * 2 { slots *= 2 }
        return slots
    }

    /// Spreads the bits of a key, so that neighbouring keys do not cluster. The finaliser of MurmurHash3.
    @inline(__always)
    static func mix(_ key: UInt64) -> UInt64 {
        var hash = (key ^ key >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }
}

/// A hash of short byte strings, eight bytes a step.
enum ByteHash {
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        var position = 0
        while position + 8 <= bytes.count {
            hash = OpenAddressing.mix(hash ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += 8
        }
        var tail: UInt64 = 0
        while position < bytes.count {
            tail = tail << 8 | UInt64(bytes[position])
            position += 1
        }
        return OpenAddressing.mix(hash ^ tail)
    }

    /// Whether the key stands at a place in the pool, which has enough bytes there.
    @inline(__always)
    static func areEqual(_ key: UnsafeRawBufferPointer, _ pool: UnsafeRawBufferPointer, at start: Int) -> Bool {
        for offset in 0..<key.count where key[offset] != pool[start + offset] { return false }
        return true
    }
}
