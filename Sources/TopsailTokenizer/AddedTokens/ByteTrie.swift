/// A trie over bytes; the child of a node for a byte is found by hashing the two.
struct ByteTrie: Sendable {
    private struct Slot: Sendable {
        var key = UInt64.max
        var child: Int32 = -1
    }

    /// The value of each node; -1 where no key ends. Node 0 is the root.
    private var values: [Int32] = [-1]
    private var slots = [Slot](repeating: Slot(), count: 64)
    /// Whether a key starts with each byte, so that text without any of them is passed over quickly.
    private var starts = [Bool](repeating: false, count: 256)

    /// Adds a key; for one that is there already, the later value counts.
    mutating func insert(_ key: some Sequence<UInt8>, value: Int32) {
        var node: Int32 = 0
        for byte in key {
            if node == 0 { starts[Int(byte)] = true }
            node = child(of: node, byte) ?? addChild(to: node, byte)
        }
        if node != 0 { values[Int(node)] = value }
    }

    /// The leftmost key at or after a position; of several that start there, the longest.
    func firstMatch(in text: UTF8Text, from position: Int) -> (range: Range<Int>, value: Int32)? {
        guard values.count > 1 else { return nil }
        return starts.withUnsafeBufferPointer { starts in
            for start in position..<max(position, text.count) where starts[Int(text.bytes[start])] {
                var longest: (range: Range<Int>, value: Int32)?
                forEachMatch(in: text, at: start) { end, value in longest = (start..<end, value) }
                if let longest { return longest }
            }
            return nil
        }
    }

    /// Calls `body` with the end and the value of each key that starts at a position, shortest first.
    @inline(__always)
    func forEachMatch(in text: UTF8Text, at start: Int, _ body: (Int, Int32) -> Void) {
        var node: Int32 = 0
        var position = start
        while position < text.count, let next = child(of: node, text.bytes[position]) {
            node = next
            position += 1
            if values[Int(node)] >= 0 { body(position, values[Int(node)]) }
        }
    }

    @inline(__always)
    private func child(of node: Int32, _ byte: UInt8) -> Int32? {
        let found = slots[slot(of: Self.key(node, byte))]
        return found.child >= 0 ? found.child : nil
    }

    private mutating func addChild(to node: Int32, _ byte: UInt8) -> Int32 {
        if values.count * 2 > slots.count { grow() }
        let child = Int32(values.count)
        values.append(-1)
        let key = Self.key(node, byte)
        slots[slot(of: key)] = Slot(key: key, child: child)
        return child
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(), count: old.count * 2)
        for entry in old where entry.child >= 0 { slots[slot(of: entry.key)] = entry }
    }

    private static func key(_ node: Int32, _ byte: UInt8) -> UInt64 { UInt64(node) << 8 | UInt64(byte) }

    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: OpenAddressing.mix(key)) & mask
        while slots[slot].key != key, slots[slot].child >= 0 { slot = (slot + 1) & mask }
        return slot
    }
}
