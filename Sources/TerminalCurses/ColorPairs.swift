/// The colour pairs given out so far. ncurses draws by the number of a pair, and terminals have from 8 to 65,536 of
/// them.
///
/// Pairs are not replaced one by one when they run out: ncurses would recolour what is on the screen with the old one.
/// The table is emptied instead and the screen drawn anew, which with 256 colours never happens.
struct ColorPairs {
    struct Pair: Hashable {
        /// -1 for the terminal's own.
        var foreground: Int
        var background: Int
    }

    let capacity: Int
    private var numbers: [Pair: Int] = [:]

    init(capacity: Int) { self.capacity = max(0, min(capacity, 32_000)) }

    subscript(pair: Pair) -> Int? { numbers[pair] }

    /// - Returns: The new pair's number, from 1; `nil` when all are given out.
    mutating func insert(_ pair: Pair) -> Int? {
        guard numbers.count < capacity else { return nil }
        let number = numbers.count + 1
        numbers[pair] = number
        return number
    }

    mutating func removeAll() { numbers.removeAll(keepingCapacity: true) }
}
