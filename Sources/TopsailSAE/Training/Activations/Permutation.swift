/// A pseudo-random order of `0 ..< count` that takes no memory and can be entered anywhere.
///
/// A four-round Feistel network permutes the next power of four; values outside the range are sent through again until they
/// fall inside (cycle walking; Black and Rogaway 2002), which takes under four rounds on average.
struct Permutation: Sendable {
    let count: Int
    private let halfBits: UInt64
    private let keys: [UInt64]

    /// - Precondition: `count` is positive.
    init(count: Int, seed: UInt64) {
        precondition(count > 0, "an order of nothing")
        self.count = count
        let bits = UInt64(Int.bitWidth - (count - 1).leadingZeroBitCount)
        halfBits = max(1, (bits + 1) / 2)
        var generator = SeededGenerator(seed: seed)
        keys = (0..<4).map { _ in generator.next() }
    }

    /// What stands at `position` in this order.
    subscript(position: Int) -> Int {
        precondition(position >= 0 && position < count, "position \(position) of \(count)")
        var value = UInt64(position)
        repeat { value = encrypt(value) } while value >= UInt64(count)
        return Int(value)
    }

    private func encrypt(_ value: UInt64) -> UInt64 {
        let mask = (UInt64(1) << halfBits) - 1
        var (left, right) = (value >> halfBits, value & mask)
        for key in keys { (left, right) = (right, left ^ (SeededGenerator.mix(right ^ key) & mask)) }
        return left << halfBits | right
    }
}
