/// One of several runs that share the chunks of a corpus.
public struct Shard: Sendable, Hashable, Codable, LosslessStringConvertible {
    /// From 1.
    public let index: Int
    public let count: Int

    /// The only one.
    public static let whole = Shard(index: 1, count: 1)!

    /// - Returns: `nil` unless `index` is in `1 ... count`.
    public init?(index: Int, count: Int) {
        guard index >= 1, index <= count else { return nil }
        self.index = index
        self.count = count
    }

    /// Reads `2/8`.
    public init?(_ description: String) {
        let numbers = description.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let index = numbers[0], let count = numbers[1] else { return nil }
        self.init(index: index, count: count)
    }

    public var description: String { "\(index)/\(count)" }

    /// Chunks are dealt in turn, so that shards of a corpus that is sorted by length are about as long as each other.
    func takes(chunk: Int) -> Bool { chunk % count == index - 1 }
}
