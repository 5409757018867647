import Foundation
import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailSAE

/// Makes what is shipped from a corpus: trains the SAEs, builds the catalog, packs both beside a manifest.
///
/// Every stage finds what an earlier run has finished and goes on from there.
public struct ShippedData {
    /// The folder with `taxonomy.json`, `pairs.jsonl` and `corpus/`; gets `saes/`, `catalog.sqlite.gz` and `manifest.json`.
    public var folder: String
    /// Where activations and checkpoints are kept between runs.
    public var workFolder: String
    public var model: LanguageModel
    public var modelName: String
    public var training: SAETraining.Options

    public init(
        folder: String, workFolder: String, model: LanguageModel, modelName: String, training: SAETraining.Options
    ) {
        self.folder = folder
        self.workFolder = workFolder
        self.model = model
        self.modelName = modelName
        self.training = training
    }

    public enum Progress: Sendable {
        case training(SAETraining.Progress)
        case building(CatalogBuild.Stage, share: Double)
        case packing
    }

    /// What was made, and from what.
    public struct Manifest: Sendable, Codable {
        public struct File: Sendable, Codable {
            public var path: String
            public var bytes: Int
            public var sha256: String
        }

        public var model: String
        public var modelSHA256: String
        public var training: SAETraining.Options
        public var checkpoints: [SAETraining.Outcome]
        public var catalog: [CatalogBuild.Outcome]
        /// Inputs and products, paths from the folder.
        public var files: [File]
        public var seconds: Double
    }

    /// - Returns: The manifest, also written; `nil` when cancelled, and resumable.
    public func make(
        isCancelled: () -> Bool = { false }, progress: (Progress) -> Void = { _ in }
    ) throws -> Manifest? {
        let start = Date()
        let texts = try CorpusStore(path: folder + "/corpus").texts()
        let trainer = SAETraining(training, model: model, modelName: modelName)
        guard
            var checkpoints = try trainer.run(
                texts, output: workFolder, resuming: true, isCancelled: isCancelled,
                progress: { progress(.training($0)) })
        else { return nil }
        for index in checkpoints.indices {
            try ship(checkpoints[index].path, as: "saes/\(checkpoints[index].name)")
            checkpoints[index].path = "saes/\(checkpoints[index].name)"
        }
        let digest = try SHA256File.hexDigest(path: model.path)
        let outcomes = try buildCatalog(
            texts, checkpoints: checkpoints, modelSHA256: digest, isCancelled: isCancelled, progress: progress)
        let manifest = Manifest(
            model: modelName, modelSHA256: digest, training: training, checkpoints: checkpoints, catalog: outcomes,
            files: try files(checkpoints), seconds: Date().timeIntervalSince(start))
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(encoder.encode(manifest), to: folder + "/manifest.json")
        return manifest
    }

    private func buildCatalog(
        _ texts: [CorpusText], checkpoints: [SAETraining.Outcome], modelSHA256: String, isCancelled: () -> Bool,
        progress: (Progress) -> Void
    ) throws -> [CatalogBuild.Outcome] {
        let path = workFolder + "/catalog.sqlite"
        try remove(databaseAt: path)
        let catalog = try Catalog(path: path)
        let taxonomy = folder + "/taxonomy.json"
        try catalog.install(Taxonomy.decode(Data(contentsOf: URL(fileURLWithPath: taxonomy)), path: taxonomy))
        let members = try checkpoints.enumerated().map { index, checkpoint in
            CatalogBuild.Member(
                sae: try SAELoader.open(path: "\(folder)/\(checkpoint.path)", name: checkpoint.name),
                path: checkpoint.path,
                sha256: try SHA256File.hexDigest(path: "\(folder)/\(checkpoint.path)/sae_weights.safetensors"),
                isDefault: index == 0)
        }
        var build = CatalogBuild(
            model: model, modelSHA256: modelSHA256, corpusName: "synthetic", texts: texts, members: members,
            pairs: try ContrastPair.load(path: folder + "/pairs.jsonl"))
        build.evaluationTokens = 40_000
        build.scope = training.scope
        let outcomes = try build.run(
            into: catalog, isCancelled: isCancelled, progress: { progress(.building($0, share: $1)) })
        progress(.packing)
        // A backup is one compact file without a write-ahead log beside it.
        let compact = workFolder + "/catalog-compact.sqlite"
        try remove(databaseAt: compact)
        try catalog.backup(to: compact)
        let data = try Data(contentsOf: URL(fileURLWithPath: compact), options: .mappedIfSafe)
        try AtomicFile.write(Gzip.compress(data), to: folder + "/catalog.sqlite.gz")
        return outcomes
    }

    /// Copies a checkpoint's two files; training logs stay behind.
    private func ship(_ source: String, as target: String) throws {
        let destination = "\(folder)/\(target)"
        try FileManager.default.createDirectory(atPath: destination, withIntermediateDirectories: true)
        for name in ["sae_weights.safetensors", "cfg.json"] {
            try AtomicFile.write(
                Data(contentsOf: URL(fileURLWithPath: "\(source)/\(name)"), options: .mappedIfSafe),
                to: "\(destination)/\(name)")
        }
    }

    private func files(_ checkpoints: [SAETraining.Outcome]) throws -> [Manifest.File] {
        let names =
            ["taxonomy.json", "pairs.jsonl", "corpus/seeds.jsonl", "corpus/corpus.jsonl.gz", "catalog.sqlite.gz"]
            + checkpoints.flatMap { ["\($0.path)/cfg.json", "\($0.path)/sae_weights.safetensors"] }
        return try names.map { name in
            let path = "\(folder)/\(name)"
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            return Manifest.File(path: name, bytes: size, sha256: try SHA256File.hexDigest(path: path))
        }
    }

    private func remove(databaseAt path: String) throws {
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
    }
}
