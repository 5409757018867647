/// A trie over bytes in one flat array: first child, next sibling.
struct ByteTrie: Sendable {
    private struct Node: Sendable {
        var byte: UInt8
        var value: Int32 = -1
        var firstChild: Int32 = -1
        var nextSibling: Int32 = -1
    }

    private var nodes: [Node] = []
    /// The node of each first byte, so that text without any of them is passed over quickly.
    private var roots = [Int32](repeating: -1, count: 256)

    /// Adds a key; for one that is there already, the later value counts.
    mutating func insert(_ key: some Collection<UInt8>, value: Int32) {
        guard let first = key.first else { return }
        if roots[Int(first)] < 0 { roots[Int(first)] = append(Node(byte: first)) }
        var node = Int(roots[Int(first)])
        for byte in key.dropFirst() { node = child(of: node, byte) ?? addChild(to: node, byte) }
        nodes[node].value = value
    }

    /// The leftmost key at or after a position; of several that start there, the longest.
    func firstMatch(in text: UnsafeRawBufferPointer, from position: Int) -> (range: Range<Int>, value: Int32)? {
        guard !nodes.isEmpty else { return nil }
        return roots.withUnsafeBufferPointer { roots in
            for start in position..<text.count where roots[Int(text[start])] >= 0 {
                if let match = longestMatch(in: text, at: start, root: Int(roots[Int(text[start])])) { return match }
            }
            return nil
        }
    }

    private func longestMatch(
        in text: UnsafeRawBufferPointer, at start: Int, root: Int
    ) -> (range: Range<Int>, value: Int32)? {
        var longest: (range: Range<Int>, value: Int32)?
        var node = root
        var position = start + 1
        while true {
            if nodes[node].value >= 0 { longest = (start..<position, nodes[node].value) }
            guard position < text.count, let next = child(of: node, text[position]) else { return longest }
            node = next
            position += 1
        }
    }

    private func child(of node: Int, _ byte: UInt8) -> Int? {
        var child = nodes[node].firstChild
        while child >= 0 {
            if nodes[Int(child)].byte == byte { return Int(child) }
            child = nodes[Int(child)].nextSibling
        }
        return nil
    }

    private mutating func addChild(to node: Int, _ byte: UInt8) -> Int {
        let child = append(Node(byte: byte, nextSibling: nodes[node].firstChild))
        nodes[node].firstChild = child
        return Int(child)
    }

    private mutating func append(_ node: Node) -> Int32 {
        nodes.append(node)
        return Int32(nodes.count - 1)
    }
}
