import TopsailCatalog

extension CatalogBuild {
    /// Puts the parts of all shards together and goes on as after one pass, with the same result to the bit.
    ///
    /// - Parameter paths: Parts in any order.
    /// - Throws: `PartError` when they are not the parts of one collection with the settings of this build; the catalog is then
    ///   as it was.
    public func run(
        merging paths: [String], into catalog: Catalog, isCancelled: () -> Bool = { false },
        progress: (Stage, Double) -> Void = { _, _ in }
    ) throws -> [Outcome] {
        let documents = try readings()
        let work = try work(documents, shard: .whole)
        try PartSet.check(paths, against: stamp(work, documents))
        let empty = work.start.results
        var results = empty
        for (place, path) in paths.enumerated() {
            if isCancelled() { throw CancellationError() }
            progress(.collecting, Double(place) / Double(paths.count))
            for (index, part) in try PartFile.read(path, like: empty).enumerated() { results[index].merge(part) }
        }
        return try write(results, of: documents, into: catalog, isCancelled: isCancelled, progress: progress)
    }

    func work(_ documents: [CorpusReading], shard: Shard) throws -> CollectionWork {
        try CollectionWork(collection, documents, model: model, saes: members.map(\.sae), hook: hook, shard: shard)
    }

    /// What decides the values of a collection with these settings.
    func stamp(_ work: CollectionWork, _ documents: [CorpusReading]) throws -> PartStamp {
        let results = work.start.results
        return PartStamp(
            model: .init(
                name: model.configuration.name, sha256: try modelSHA256 ?? SourceDigest.of(path: model.path)),
            corpus: .init(name: corpusName, sha256: SourceDigest.of(texts)), documents: documents.count,
            saes: try members.indices.map { index in
                let member = members[index]
                return .init(
                    name: member.sae.info.name,
                    sha256: try member.sha256 ?? member.path.map { try SourceDigest.of(path: $0) } ?? "",
                    hook: results[index].hook.description, dSAE: member.sae.info.dSAE)
            }, precision: collection.precision, contextLength: collection.contextLength,
            contexts: collection.contexts, chunkTokens: collection.chunkTokens, scope: scope,
            heldOutFraction: split.fraction, stored: collection.stored.keys.map(\.description).sorted())
    }
}

/// The parts that are to be put together.
private enum PartSet {
    /// - Throws: `PartError` unless they are the finished parts of all shards, with this stamp.
    static func check(_ paths: [String], against stamp: PartStamp) throws {
        let parts = try paths.map { (path: $0, header: try PartFile.header($0)) }
        guard let first = parts.first else { return }
        var seen: [Int: String] = [:]
        for (path, header) in parts {
            try check(header.stamp, of: path, against: first.header.stamp, of: first.path)
            let shard = header.shard
            guard shard.count == first.header.shard.count else {
                throw PartError.otherCount(
                    path: path, shard: shard, other: first.path, otherShard: first.header.shard)
            }
            if let other = seen.updateValue(path, forKey: shard.index) {
                throw PartError.sameShard(path: path, other: other, shard: shard)
            }
            guard header.isFinished else {
                throw PartError.unfinished(path: path, done: header.done, of: header.chunks)
            }
        }
        let count = first.header.shard.count
        let missing = (1...count).filter { seen[$0] == nil }
        guard missing.isEmpty else { throw PartError.missing(missing, of: count) }
        try check(first.header.stamp, of: first.path, against: stamp, of: "this command names")
    }

    private static func check(
        _ stamp: PartStamp, of path: String, against other: PartStamp, of otherPath: String
    ) throws {
        let differences = stamp.differences(from: other)
        guard differences.isEmpty else {
            throw PartError.otherSettings(path: path, than: otherPath, what: differences)
        }
    }
}
