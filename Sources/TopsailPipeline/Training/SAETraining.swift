import Foundation
import TopsailAnalysis
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailSAE
import TopsailTensor

/// Trains SAEs of several architectures and sparsities, at one or several hook points, on a model's activations over a
/// corpus, from text to checkpoints.
///
/// Activations are computed once and kept beside the checkpoints; a run that was ended goes on where it was.
public struct SAETraining {
    public struct Options: Sendable, Hashable, Codable {
        /// Each with each architecture and sparsity; all are read in one pass of the model.
        public var hooks: [HookPoint]
        /// Each with each sparsity.
        public var architectures = [TrainingArchitecture.topk]
        /// Active neurons a token: one SAE each, with each architecture.
        public var sparsities: [Int]
        /// Weights of the L1 or L0 penalty, one SAE each, for architectures that have one; else it is steered to the sparsities.
        public var sparsityCoefficients: [Float]?
        /// d_sae as a multiple of the hook's width.
        public var expansion: Int
        /// Tokens each SAE sees; the corpus is gone through again as often as it takes.
        public var tokens: Int
        public var seed: UInt64
        public var batchSize: Int?
        public var learningRate: Float?
        /// Limit of the norm of all gradients; 0 for none, `nil` for what suits the architecture.
        public var gradientClip: Float?
        /// Norm of encoder rows at the start; `nil` for what suits the architecture.
        public var initialEncoderNorm: Float?
        /// Which tokens count.
        public var scope = CountedTokens.ordinary
        /// Stored type of the weights.
        public var halfPrecision = false

        public init(hooks: [HookPoint], sparsities: [Int], expansion: Int, tokens: Int, seed: UInt64) {
            self.hooks = hooks
            self.sparsities = sparsities
            self.expansion = expansion
            self.tokens = tokens
            self.seed = seed
        }
    }

    public enum Progress: Sendable {
        /// Rows of activations computed.
        case harvesting(done: Int, total: Int)
        /// A step of one of the SAEs.
        ///
        /// - Parameter done: Share of all steps of all SAEs, `0 ... 1`.
        case training(label: String, TrainingMetrics, totalTokens: Int, done: Double)
    }

    /// A checkpoint that was written.
    public struct Outcome: Sendable, Hashable, Codable {
        public var name: String
        public var path: String
        public var tokens: Int
        /// On activations of documents that were held out.
        public var explainedVariance: Double
        public var l0: Double
        public var deadFraction: Double
    }

    public var options: Options
    public var model: LanguageModel
    /// What checkpoints call the model.
    public var modelName: String
    /// Where activations are kept, a folder for each hook point; `nil` for `activations` in the output folder.
    public var activationsFolder: String?

    public init(_ options: Options, model: LanguageModel, modelName: String) {
        self.options = options
        self.model = model
        self.modelName = modelName
    }

    /// - Parameters:
    ///   - output: Gets one folder an SAE in SAELens layout, `metrics.jsonl` in each, and `activations/`.
    ///   - resuming: Whether to go on from checkpoints that are there.
    /// - Returns: The checkpoints; `nil` when cancelled, and resumable.
    public func run(
        _ texts: [CorpusText], output: String, resuming: Bool, isCancelled: () -> Bool = { false },
        progress: (Progress) -> Void = { _ in }
    ) throws -> [Outcome]? {
        let files = try harvest(texts, output: output, isCancelled: isCancelled) {
            progress(.harvesting(done: $0, total: $1))
        }
        var outcomes: [Outcome] = []
        for (index, files) in files.enumerated() {
            let part = try train(files, output: output, resuming: resuming, isCancelled: isCancelled) {
                label, metrics, done in
                progress(
                    .training(
                        label: "\(files.hook) \(label)", metrics, totalTokens: options.tokens,
                        done: (Double(index) + done) / Double(options.hooks.count)))
            }
            guard let part else { return nil }
            outcomes += part
        }
        return outcomes
    }

    /// What a run would take.
    ///
    /// - Throws: What reading the texts throws.
    public func forecast(_ texts: [CorpusText]) throws -> RunForecast {
        let documents = try CorpusReading.read(texts, with: model, scope: options.scope)
        let contextLength = min(ActivationHarvest.contextLength, model.configuration.contextLength)
        let counted = documents.reduce(0) { $0 + $1.countedTokens(contextLength: contextLength) }
        let widths = options.hooks.map { model.configuration.width(of: $0) ?? 0 }
        return try RunForecast(
            [.init("activations of the corpus", documents.lazy.map(\.text))],
            trainings: [
                .init(
                    purpose: "SAEs", saes: widths.reduce(0) { $0 + plans(dIn: $1).count }, tokensEach: options.tokens)
            ], activationBytes: counted * widths.reduce(0, +) * MemoryLayout<Float16>.size, model: model,
            precision: .fast, sample: documents.lazy.flatMap(\.text.tokens))
    }

    /// Computes the activations of all hook points that are not there already, in one pass of the model.
    @discardableResult
    func harvest(
        _ texts: [CorpusText], output: String, isCancelled: () -> Bool, progress: (Int, Int) -> Void
    ) throws -> [ActivationFiles] {
        let folder = activationsFolder ?? output + "/activations"
        let files = options.hooks.map { ActivationFiles($0, in: folder) }
        try ActivationFiles.prepare(
            files, texts, scope: options.scope, model: model, isCancelled: isCancelled, progress: progress)
        return files
    }

    /// All SAEs of one hook point, side by side.
    private func train(
        _ files: ActivationFiles, output: String, resuming: Bool, isCancelled: () -> Bool,
        progress: (String, TrainingMetrics, Double) -> Void
    ) throws -> [Outcome]? {
        let source = try MatrixActivationSource(
            path: files.training, tensor: ActivationHarvest.tensorName, seed: options.seed)
        let plans = plans(dIn: source.dIn)
        let run = try TrainingRun(
            source: source, configurations: plans.map(\.configuration),
            checkpoints: .init(folder: "\(output)/checkpoints/\(files.hook)"), resuming: resuming)
        let logs = try zip(plans, run.trainers).map { plan, trainer in
            try MetricsLog(path: "\(output)/\(name(plan, files.hook))/metrics.jsonl", keepingSteps: trainer.step)
        }
        let allSteps = Double(plans.reduce(0) { $0 + $1.configuration.totalSteps })
        var doneSteps = Double(run.trainers.reduce(0) { $0 + $1.step })
        let finished = try run.run(isCancelled: isCancelled) { index, metrics in
            try logs[index].append(metrics)
            doneSteps += 1
            progress(plans[index].label, metrics, doneSteps / allSteps)
        }
        guard finished else { return nil }
        return try zip(plans, run.trainers).map { plan, trainer in
            try save(
                trainer.trained(), as: name(plan, files.hook), tokens: trainer.tokensSeen, files: files, output: output)
        }
    }

    /// `smollm2-135m-instruct-mlp_out.14-topk-k32`.
    private func name(_ plan: TrainingPlan, _ hook: HookPoint) -> String {
        "\(modelName.lowercased())-\(hook)-\(plan.label)"
    }

    private func plans(dIn: Int) -> [TrainingPlan] {
        options.architectures.flatMap { architecture in
            TrainingPlan.all(
                architecture, sparsities: options.sparsities, coefficients: options.sparsityCoefficients
            ) { k in
                var configuration = TrainingConfiguration(
                    architecture, dIn: dIn, dSAE: dIn * options.expansion, k: k, totalTokens: options.tokens,
                    seed: options.seed)
                if let batchSize = options.batchSize { configuration.batchSize = batchSize }
                if let learningRate = options.learningRate { configuration.learningRate = learningRate }
                if let norm = options.initialEncoderNorm { configuration.initialEncoderNorm = norm }
                if let limit = options.gradientClip { configuration.gradientClip = limit > 0 ? limit : nil }
                return configuration
            }
        }
    }

    private func save(
        _ sae: TrainedSAE, as name: String, tokens: Int, files: ActivationFiles, output: String
    ) throws -> Outcome {
        let folder = "\(output)/\(name)"
        let writer = SAELensWriter(
            precision: options.halfPrecision ? .float16 : .float32,
            metadata: [
                "training_tokens": .int(tokens), "training_seed": .int(Int(clamping: options.seed)),
                "context_size": .int(ActivationHarvest.contextLength), "prepend_bos": .bool(false),
                "excluded_tokens": .string(options.scope.exclusions),
            ])
        try writer.write(sae, hook: files.hook, model: modelName, to: folder)
        // What is on disk is measured, as its users will read it.
        let quality = try Self.quality(of: SAELoader.open(path: folder), heldOut: files.heldOut)
        return Outcome(
            name: name, path: folder, tokens: tokens, explainedVariance: quality.explainedVariance, l0: quality.l0,
            deadFraction: quality.deadFraction)
    }

    private static func quality(of sae: any SparseAutoencoder, heldOut path: String) throws -> SAEQuality {
        let rows = try SafetensorsFile(path: path).matrix(ActivationHarvest.tensorName)
        var quality = SAEQuality(dOut: sae.info.dOut, dSAE: sae.info.dSAE)
        for start in stride(from: 0, to: rows.rows, by: 4096) {
            let count = min(4096, rows.rows - start)
            quality.measure(sae, on: rows.pointer + start * rows.columns, rows: count)
        }
        return quality
    }
}
