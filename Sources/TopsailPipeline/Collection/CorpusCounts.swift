import TopsailCore

/// How often tokens and topics occur among the counted tokens: what a neuron's sums are compared with.
package struct CorpusCounts: Sendable, Hashable {
    /// Counted tokens.
    package private(set) var total = 0
    /// By token id.
    package private(set) var tokens: [Int]
    /// By the id of the token before.
    package private(set) var previous: [Int]
    /// By topic, in the order of `topicNames`.
    package private(set) var topics: [Int]
    package let topicNames: [String]

    package init(vocabularySize: Int, topicNames: [String]) {
        tokens = Array(repeating: 0, count: vocabularySize)
        previous = tokens
        topics = Array(repeating: 0, count: topicNames.count)
        self.topicNames = topicNames
    }

    init(total: Int, tokens: [Int], previous: [Int], topics: [Int], topicNames: [String]) {
        self.total = total
        self.tokens = tokens
        self.previous = previous
        self.topics = topics
        self.topicNames = topicNames
    }

    /// - Parameter previous: `nil` at the start of a document.
    mutating func add(_ token: TokenID, after previous: TokenID?, topic: Int) {
        total += 1
        tokens[Int(token)] += 1
        if let previous { self.previous[Int(previous)] += 1 }
        topics[topic] += 1
    }

    mutating func merge(_ other: CorpusCounts) {
        precondition(topicNames == other.topicNames, "shards of one corpus have the same topics")
        total += other.total
        for i in tokens.indices {
            tokens[i] += other.tokens[i]
            previous[i] += other.previous[i]
        }
        for i in topics.indices { topics[i] += other.topics[i] }
    }
}
