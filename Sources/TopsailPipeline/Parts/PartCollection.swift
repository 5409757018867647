import Foundation
import TopsailCatalog
import TopsailTensor

/// Collects one shard of a corpus, and notes now and then how far it is: a run that was ended goes on from there to the same
/// bits.
public struct PartCollection {
    public var build: CatalogBuild
    public var shard = Shard.whole
    /// Noted in the part.
    public var request = PartRequest()
    /// Whether to go on from what an earlier run left.
    public var resumes = false
    /// The least time from one checkpoint to the next.
    public var pause = Duration.seconds(180)

    public init(_ build: CatalogBuild) { self.build = build }

    /// Where a run that writes a part notes how far it is.
    public static func checkpointPath(ofPart path: String) -> String { path + ".unfinished" }

    /// What a run would take that reads the shard and ends with a part, or goes on to the catalog.
    public func forecast(writesCatalog: Bool) throws -> RunForecast {
        try build.forecast(shard: shard, writesCatalog: writesCatalog)
    }

    /// Blocks until the part is written. With `resumes`, a part that is there already is left alone.
    ///
    /// - Parameter progress: Called with the share that is done.
    /// - Throws: `PartError.otherSettings` when what an earlier run left is of another collection; `CancellationError`, and all
    ///   whole chunks are then in the checkpoint.
    public func write(
        to path: String, isCancelled: () -> Bool = { false }, progress: (Double) -> Void = { _ in }
    ) throws -> PartHeader {
        let documents = try build.readings()
        let work = try build.work(documents, shard: shard)
        let blank = try header(work, documents)
        if resumes, FileManager.default.fileExists(atPath: path) {
            let found = try PartFile.header(path)
            try check(found, at: path, against: blank)
            if found.isFinished { return found }
        }
        let checkpoint = Self.checkpointPath(ofPart: path)
        let state = try collect(work, blank, checkpoint, isCancelled, progress)
        var finished = blank
        finished.done = state.chunks
        try PartFile.write(finished, state.results, to: path)
        try Self.remove(checkpoint)
        return finished
    }

    /// Collects all of the corpus and writes the catalog.
    ///
    /// - Parameter checkpoint: Where the run notes how far collecting is; gone when the catalog is written.
    public func run(
        into catalog: Catalog, checkpoint: String, isCancelled: () -> Bool = { false },
        progress: (CatalogBuild.Stage, Double) -> Void = { _, _ in }
    ) throws -> [CatalogBuild.Outcome] {
        let documents = try build.readings()
        let work = try build.work(documents, shard: shard)
        let state = try collect(work, try header(work, documents), checkpoint, isCancelled) {
            progress(.collecting, $0)
        }
        let outcomes = try build.write(
            state.results, of: documents, into: catalog, isCancelled: isCancelled, progress: progress)
        try Self.remove(checkpoint)
        return outcomes
    }

    private func header(_ work: CollectionWork, _ documents: [CorpusReading]) throws -> PartHeader {
        PartHeader(
            stamp: try build.stamp(work, documents), shard: shard, done: 0, chunks: work.chunks.count,
            kernels: BLASKernels.name, request: request)
    }

    private func collect(
        _ work: CollectionWork, _ header: PartHeader, _ checkpoint: String, _ isCancelled: () -> Bool,
        _ progress: (Double) -> Void
    ) throws -> CollectionRun.State {
        var state = work.start
        if resumes, FileManager.default.fileExists(atPath: checkpoint) {
            let found = try PartFile.header(checkpoint)
            try check(found, at: checkpoint, against: header)
            state.results = try PartFile.read(checkpoint, like: state.results)
            state.chunks = min(found.done, work.chunks.count)
        }
        func save(_ state: CollectionRun.State) throws {
            var header = header
            header.done = state.chunks
            try PartFile.write(header, state.results, to: checkpoint)
        }
        let known = state.chunks
        var last = ContinuousClock.now
        do {
            try work.finish(
                &state, isCancelled: isCancelled, progress: { progress(Double($0) / Double(max($1, 1))) },
                checkpoint: { state in
                    guard ContinuousClock.now - last >= pause, state.chunks < work.chunks.count else { return }
                    try save(state)
                    last = ContinuousClock.now
                })
        } catch is CancellationError {
            if state.chunks > known { try save(state) }
            throw CancellationError()
        }
        return state
    }

    private func check(_ found: PartHeader, at path: String, against wanted: PartHeader) throws {
        let differences = found.stamp.differences(from: wanted.stamp)
        guard differences.isEmpty else {
            throw PartError.otherSettings(path: path, than: "this command names", what: differences)
        }
        guard found.shard == wanted.shard else {
            throw PartError.otherCount(
                path: path, shard: found.shard, other: "this command's part", otherShard: wanted.shard)
        }
    }

    private static func remove(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }
}
