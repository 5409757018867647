import TopsailCore

/// How strongly a neuron fires by token: at the token itself, or right after it.
package struct TokenSums: Sendable {
    package struct Entry: Sendable, Hashable {
        package var firings = 0
        package var activation = 0.0
    }

    package private(set) var entries: [TokenID: Entry] = [:]

    package init() {}

    package mutating func add(_ token: TokenID, activation: Float) {
        entries[token, default: Entry()].firings += 1
        entries[token]!.activation += Double(activation)
    }

    package mutating func merge(_ other: TokenSums) {
        entries.merge(other.entries) {
            Entry(firings: $0.firings + $1.firings, activation: $0.activation + $1.activation)
        }
    }
}
