import TopsailCore
import TopsailModel
import TopsailTensor

/// Documents that are read by themselves, and whose rows are brought to disk together.
struct HarvestChunk {
    var documents: [CorpusReading]
    var isHeldOut: Bool
    /// Counted tokens.
    var rows: Int
}

/// The files of a harvest while it runs: for each hook point one of the rows to train on and one of those that are held out.
struct HarvestFiles {
    /// Chunks whose rows were there.
    let done: Int
    private let training: [HookPoint: RowFile]
    private let heldOut: [HookPoint: RowFile]

    subscript(hook: HookPoint, isHeldOut isHeldOut: Bool) -> RowFile { isHeldOut ? heldOut[hook]! : training[hook]! }

    /// Opens the files, to go on after the chunks that are done where their rows are there in every file, else from the start.
    static func open(
        _ targets: [ActivationHarvest.Target], chunks: [HarvestChunk], done: Int, dtype: DType,
        model: ModelConfiguration
    ) throws -> HarvestFiles {
        if done > 0, done <= chunks.count {
            let files = try HarvestFiles(targets, chunks: chunks, done: done, dtype: dtype, model: model)
            if files.keep(chunks[..<done]) { return files }
        }
        return try HarvestFiles(targets, chunks: chunks, done: 0, dtype: dtype, model: model)
    }

    private init(
        _ targets: [ActivationHarvest.Target], chunks: [HarvestChunk], done: Int, dtype: DType,
        model: ModelConfiguration
    ) throws {
        self.done = done
        func files(_ path: KeyPath<ActivationHarvest.Target, String>, isHeldOut: Bool) throws -> [HookPoint: RowFile] {
            try Dictionary(
                uniqueKeysWithValues: targets.map { target in
                    let file = try RowFile(
                        path: target[keyPath: path], rows: Self.rows(of: chunks[...], isHeldOut),
                        width: model.width(of: target.hook)!, dtype: dtype,
                        metadata: ["hook": target.hook.description, "model": model.name],
                        keeping: Self.rows(of: chunks[..<done], isHeldOut))
                    return (target.hook, file)
                })
        }
        training = try files(\.trainingPath, isHeldOut: false)
        heldOut = try files(\.heldOutPath, isHeldOut: true)
    }

    private func keep(_ chunks: ArraySlice<HarvestChunk>) -> Bool {
        training.values.allSatisfy { $0.keptRows == Self.rows(of: chunks, false) }
            && heldOut.values.allSatisfy { $0.keptRows == Self.rows(of: chunks, true) }
    }

    private static func rows(of chunks: ArraySlice<HarvestChunk>, _ isHeldOut: Bool) -> Int {
        chunks.reduce(0) { $0 + ($1.isHeldOut == isHeldOut ? $1.rows : 0) }
    }

    func synchronize() throws {
        for file in [training, heldOut].flatMap(\.values) { try file.synchronize() }
    }

    /// Gives the files their names.
    func finish() throws {
        for file in [training, heldOut].flatMap(\.values) { try file.finish() }
    }
}
