import TopsailCore

/// Why parts of a collection cannot be made or put together. Each is one sentence that names the file.
public enum PartError: UserFacingError, Hashable {
    case notAPart(path: String)
    case otherVersion(path: String)
    case damaged(path: String)
    /// `what` lists the settings in which they differ.
    case otherSettings(path: String, than: String, what: [String])
    case unfinished(path: String, done: Int, of: Int)
    case sameShard(path: String, other: String, shard: Shard)
    case otherCount(path: String, shard: Shard, other: String, otherShard: Shard)
    case missing([Int], of: Int)

    public var description: String { PrintableText.printable(sentence) }

    private var sentence: String {
        switch self {
        case .notAPart(let path): "\(path) is not a part of a collection"
        case .otherVersion(let path): "\(path) is a part of a collection in a format of another version of topsail"
        case .damaged(let path): "\(path) is damaged: its content does not have the checksum at its end"
        case .otherSettings(let path, let other, let what):
            "\(path) was collected with another \(what.joined(separator: ", another ")) than \(other)"
        case .unfinished(let path, let done, let all): "\(path) is not finished: \(done) of its \(all) chunks are done"
        case .sameShard(let path, let other, let shard): "\(path) and \(other) are both shard \(shard)"
        case .otherCount(let path, let shard, let other, let otherShard):
            "\(path) is shard \(shard), but \(other) is shard \(otherShard)"
        case .missing(let indices, let count):
            indices.count == 1
                ? "shard \(indices[0])/\(count) is missing"
                : "the shards \(indices.map { "\($0)/\(count)" }.joined(separator: ", ")) are missing"
        }
    }

    public var hint: String? {
        switch self {
        case .damaged, .otherVersion: "collect the shard again"
        case .unfinished: "run its collect command again with --resume"
        case .otherSettings: "collect all shards with the same settings, and merge them with the same files"
        case .missing: "give the parts of all shards"
        case .notAPart, .sameShard, .otherCount: nil
        }
    }
}
