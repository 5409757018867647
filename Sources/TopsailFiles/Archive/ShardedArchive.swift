/// Several files of tensors as one archive.
public final class ShardedArchive: TensorArchive {
    public let path: String
    public let tensors: [TensorInfo]
    /// That of the first shard.
    public let metadata: ArchiveMetadata
    private let shards: [any TensorArchive]
    /// For each name its place in `tensors` and its shard.
    private let index: [String: (tensor: Int, shard: Int)]

    /// - Parameter path: Names the whole in errors.
    /// - Throws: `corrupt` when two shards hold a tensor of the same name.
    public init(path: String, shards: [any TensorArchive]) throws(FileFormatError) {
        var tensors: [TensorInfo] = []
        var index: [String: (tensor: Int, shard: Int)] = [:]
        for (number, shard) in shards.enumerated() {
            for tensor in shard.tensors {
                guard index.updateValue((tensors.count, number), forKey: tensor.name) == nil else {
                    throw FileFormatError(
                        path: shard.path, place: "tensor \(tensor.name)",
                        reason: .corrupt("another shard holds a tensor of this name"))
                }
                tensors.append(tensor)
            }
        }
        self.path = path
        self.tensors = tensors
        self.shards = shards
        self.index = index
        metadata = shards.first?.metadata ?? ArchiveMetadata(path: path)
    }

    public func info(_ name: String) -> TensorInfo? { index[name].map { tensors[$0.tensor] } }

    public func bytes(of info: TensorInfo) -> UnsafeRawBufferPointer {
        guard let place = index[info.name] else { preconditionFailure("no shard holds \(info.name)") }
        return shards[place.shard].bytes(of: info)
    }
}
