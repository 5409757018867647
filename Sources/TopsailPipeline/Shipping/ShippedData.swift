import Foundation
import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailSAE

/// Makes what is shipped from a corpus: compares SAEs of several sparsities at one layer, trains the best at all layers, builds the
/// catalog, calibrates the assessment, packs all beside a manifest.
///
/// Every stage finds what an earlier run has finished and goes on from there.
public struct ShippedData {
    /// The folder with `taxonomy.json`, `pairs.jsonl`, `heldout.jsonl`, `corpus/`, and `prompts.jsonl` and
    /// `explanations.jsonl` if any; gets `saes/`, `choice.json`, `catalog.sqlite.gz`, `assessment.json` and `manifest.json`.
    public var folder: String
    /// Where activations and checkpoints are kept between runs.
    public var workFolder: String
    public var model: LanguageModel
    public var modelName: String
    /// Of several sparsities the best is chosen at `choiceHook`, and trained at each of the hooks.
    public var training: SAETraining.Options
    /// Where sparsities and architectures are compared.
    public var choiceHook: HookPoint
    /// Tokens of held-out text whose cross-entropies are measured for each SAE.
    public var evaluationTokens = 8_000

    public init(
        folder: String, workFolder: String, model: LanguageModel, modelName: String, training: SAETraining.Options,
        choiceHook: HookPoint
    ) {
        self.folder = folder
        self.workFolder = workFolder
        self.model = model
        self.modelName = modelName
        self.training = training
        self.choiceHook = choiceHook
    }

    public enum Progress: Sendable {
        case training(SAETraining.Progress)
        case choosing(Double)
        case calibrating(AssessmentBuild.Stage, share: Double)
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
        /// As it was chosen.
        public var training: SAETraining.Options
        /// SAEs that were compared, the best first; empty where there was nothing to choose.
        public var compared: [String]
        public var checkpoints: [SAETraining.Outcome]
        public var catalog: [CatalogBuild.Outcome]
        /// How pooling and penalty of the assessment were chosen.
        public var calibration: [AssessmentCalibration.Trial]
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
        guard let (training, report) = try chosen(texts, isCancelled: isCancelled, progress: progress) else {
            return nil
        }
        guard
            var checkpoints = try trainer(training).run(
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
        let trials = try calibrate(texts, checkpoints, isCancelled: isCancelled, progress: progress)
        let manifest = Manifest(
            model: modelName, modelSHA256: digest, training: training,
            compared: report?.candidates.map(\.sae) ?? [], checkpoints: checkpoints, catalog: outcomes,
            calibration: trials, files: try files(checkpoints), seconds: Date().timeIntervalSince(start))
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(encoder.encode(manifest), to: folder + "/manifest.json")
        return manifest
    }

    private var activationsFolder: String { workFolder + "/activations" }

    private func trainer(_ options: SAETraining.Options) -> SAETraining {
        var trainer = SAETraining(options, model: model, modelName: modelName)
        trainer.activationsFolder = activationsFolder
        return trainer
    }

    /// The training options with the sparsity and architecture that tell concepts apart best.
    ///
    /// - Returns: `nil` when cancelled.
    private func chosen(
        _ texts: [CorpusText], isCancelled: () -> Bool, progress: (Progress) -> Void
    ) throws -> (SAETraining.Options, ChoiceReport?)? {
        var all = training
        if !all.hooks.contains(choiceHook) { all.hooks.append(choiceHook) }
        try trainer(all).harvest(texts, output: workFolder, isCancelled: isCancelled) {
            progress(.training(.harvesting(done: $0, total: $1)))
        }
        guard training.sparsities.count > 1 || training.architectures.count > 1 else { return (training, nil) }
        var compared = training
        compared.hooks = [choiceHook]
        guard
            let candidates = try trainer(compared).run(
                texts, output: workFolder + "/choice", resuming: true, isCancelled: isCancelled,
                progress: { progress(.training($0)) })
        else { return nil }
        var choice = try SAEChoice(
            model: model, saes: candidates.map { try SAELoader.open(path: $0.path, name: $0.name) },
            pairs: ContrastPair.load(path: folder + "/pairs.jsonl"))
        choice.exam = try LabelledPrompt.load(path: folder + "/heldout.jsonl")
        choice.background = try EverydayPrompts.load(path: folder + "/corpus/seeds.jsonl")
        let report = try choice.run(isCancelled: isCancelled, progress: { progress(.choosing($0)) })
        try AtomicFile.write(report.encoded(), to: folder + "/choice.json")
        let best = candidates.firstIndex { $0.name == report.candidates[0].sae }!
        var chosen = training
        // Candidates come architecture by architecture, each with all sparsities.
        chosen.architectures = [training.architectures[best / training.sparsities.count]]
        chosen.sparsities = [training.sparsities[best % training.sparsities.count]]
        return (chosen, report)
    }

    private func calibrate(
        _ texts: [CorpusText], _ checkpoints: [SAETraining.Outcome], isCancelled: () -> Bool,
        progress: (Progress) -> Void
    ) throws -> [AssessmentCalibration.Trial] {
        var build = try AssessmentBuild(
            model: model,
            saes: checkpoints.map { try SAELoader.open(path: "\(folder)/\($0.path)", name: $0.name) },
            catalog: Catalog(path: workFolder + "/catalog.sqlite"),
            pairs: ContrastPair.load(path: folder + "/pairs.jsonl"),
            background: EverydayPrompts.load(path: folder + "/corpus/seeds.jsonl"))
        build.prompts = try fittedPrompts()
        build.documents = EverydayPrompts.documents(of: texts)
        let outcome = try build.run(isCancelled: isCancelled) { progress(.calibrating($0, share: $1)) }
        try AtomicFile.write(outcome.model.encoded(), to: folder + "/assessment.json")
        return outcome.trials
    }

    /// What the assessment is fitted to besides the pairs, where there is such a file.
    func fittedPrompts() throws -> [LabelledPrompt] {
        let path = folder + "/prompts.jsonl"
        return FileManager.default.fileExists(atPath: path) ? try LabelledPrompt.loadForFitting(path: path) : []
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
        var layers = Set<Int>()
        let members = try checkpoints.map { checkpoint in
            let sae = try SAELoader.open(path: "\(folder)/\(checkpoint.path)", name: checkpoint.name)
            return CatalogBuild.Member(
                sae: sae, path: checkpoint.path,
                sha256: try SHA256File.hexDigest(path: "\(folder)/\(checkpoint.path)/sae_weights.safetensors"),
                isDefault: sae.info.hook.map { layers.insert($0.layer).inserted } ?? false)
        }
        var build = CatalogBuild(
            model: model, modelSHA256: modelSHA256, corpusName: "synthetic", texts: texts, members: members,
            pairs: try ContrastPair.load(path: folder + "/pairs.jsonl"))
        build.evaluationTokens = evaluationTokens
        build.keepsContextWords = false
        build.scope = training.scope
        for hook in Set(members.compactMap { $0.sae.info.hook }) {
            build.collection.stored[hook] = try StoredActivations(hook: hook, in: activationsFolder)
        }
        let outcomes = try build.run(
            into: catalog, isCancelled: isCancelled, progress: { progress(.building($0, share: $1)) })
        try WrittenExplanation.install(
            WrittenExplanation.load(path: folder + "/explanations.jsonl"), for: members, in: catalog)
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
            [
                "taxonomy.json", "pairs.jsonl", "heldout.jsonl", "corpus/seeds.jsonl", "corpus/corpus.jsonl.gz",
                "catalog.sqlite.gz", "assessment.json",
            ]
            + ["choice.json", "explanations.jsonl", "prompts.jsonl"].filter {
                FileManager.default.fileExists(atPath: "\(folder)/\($0)")
            }
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
