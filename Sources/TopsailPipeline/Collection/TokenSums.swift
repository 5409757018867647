import TopsailCore

/// How strongly a neuron fires by token: at the token itself, or right after it.
package struct TokenSums: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package private(set) var sum = ExactSum()
        private var count: UInt32 = 0

        package init() {}

        package init(firings: UInt32, sum: ExactSum) {
            count = firings
            self.sum = sum
        }

        package var firings: Int { Int(count) }
        package var activation: Double { sum.value }

        mutating func add(_ activation: Float) {
            count += 1
            sum.add(activation)
        }

        mutating func add(_ other: Entry) {
            count += other.count
            sum.add(other.sum)
        }
    }

    package private(set) var entries: [TokenID: Entry] = [:]

    package init(entries: [TokenID: Entry] = [:]) { self.entries = entries }

    /// Entries in the order of their tokens, for sums of doubles that are to come out the same each time.
    package var sorted: [(token: TokenID, entry: Entry)] {
        entries.sorted { $0.key < $1.key }.map { (token: $0.key, entry: $0.value) }
    }

    package mutating func add(_ token: TokenID, activation: Float) {
        entries[token, default: Entry()].add(activation)
    }

    package mutating func merge(_ other: TokenSums) {
        for (token, entry) in other.entries { entries[token, default: Entry()].add(entry) }
    }
}
