import ArgumentParser
import Foundation
import TopsailCore
import TopsailModel
import TopsailPipeline
import TopsailSAE

/// `topsail train`: SAEs of several sparsities on a model's activations.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train SAEs on a model's activations over a corpus.",
        discussion: """
            Example:
              topsail train --hook mlp_out.14 --k 16,32 --corpus Data/corpus --tokens 4000000 --output runs/first
            One folder a sparsity level, in SAELens layout, with metrics.jsonl. Special tokens and the first token of each
            context are left out (attention sinks; see --count). A run that was ended goes on with --resume.
            With --json one document for each checkpoint, a line each.
            """)

    enum Architecture: String, ExpressibleByArgument, CaseIterable { case topk }

    @OptionGroup var common: CommonOptions
    @Option(help: "A model of the workspace or a .gguf file (default: the workspace's model).") var model: String?
    @Option(help: "Hook point, e.g. mlp_out.14.") var hook: HookPoint
    @Option(help: "How activations are chosen.") var architecture = Architecture.topk
    @Option(help: "Active neurons a token; several, separated by commas, train side by side.") var k: SparsityList
    @Option(help: "d_sae as a multiple of the hook's width.") var expansion = 10
    @Option(help: "Folder of the corpus.") var corpus: String
    @Option(help: "Tokens each SAE sees.") var tokens = 4_000_000
    @Option(help: "Steps instead of tokens.") var steps: Int?
    @Option(help: "Tokens a step.") var batch = 2048
    @Option(help: "Highest learning rate.") var learningRate: Float = 3e-3
    @Option(
        help: "ordinary leaves out special tokens, the template's and the first of a context; all counts every token.")
    var count = CountedTokens.ordinary
    @Option(help: "Fixes every weight.") var seed: UInt64 = 0
    @Flag(help: "Go on from checkpoints in the output folder.") var resume = false
    @Option(help: "Folder for the checkpoints.") var output: String

    func validate() throws {
        guard expansion > 0, batch > 0, tokens > 0, steps ?? 1 > 0, learningRate > 0 else {
            throw ValidationError("--expansion, --batch, --tokens, --steps and --learning-rate need numbers above 0")
        }
    }

    func run() async throws {
        let model = try LanguageModel.open(path: common.place.modelPath(model))
        try model.checkHook(hook)
        var options = SAETraining.Options(
            hook: hook, sparsities: k.values, expansion: expansion, tokens: steps.map { $0 * batch } ?? tokens,
            seed: seed)
        options.batchSize = batch
        options.learningRate = learningRate
        options.scope = count
        let name = URL(fileURLWithPath: model.path).deletingPathExtension().deletingPathExtension().lastPathComponent
        let progress = TrainingProgress(common.progress)
        let outcomes = try Interruption.handled {
            try SAETraining(options, model: model, modelName: name).run(
                CorpusStore(path: corpus).texts(), output: output, resuming: resume,
                isCancelled: { Interruption.isRequested }, progress: progress.show)
        }
        progress.clear()
        guard let outcomes else { throw CancellationError() }
        for outcome in outcomes { show(outcome) }
    }

    private func show(_ outcome: SAETraining.Outcome) {
        if common.json {
            StandardOutput.line(
                JSONText.object([
                    "sae": outcome.name, "path": outcome.path, "tokens": outcome.tokens, "l0": outcome.l0,
                    "explained_variance": outcome.explainedVariance, "dead_fraction": outcome.deadFraction,
                ]).line)
            return
        }
        StandardOutput.line(
            """
            \(outcome.path): on held-out documents explained variance \(Figures.short(outcome.explainedVariance)), \
            L0 \(Figures.short(outcome.l0)), dead \(Figures.percent(outcome.deadFraction))
            """)
    }
}

extension CountedTokens: ExpressibleByArgument {}

/// `16,32,64`.
struct SparsityList: ExpressibleByArgument {
    let values: [Int]

    init(values: [Int]) { self.values = values }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        values = parts.compactMap { Int($0) }
        guard values.count == parts.count, values.allSatisfy({ $0 > 0 }), Set(values).count == values.count else {
            return nil
        }
    }

    var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}

/// One line that says how far a training run is.
struct TrainingProgress {
    private let line: ProgressLine

    init(_ style: ProgressLine.Style) { line = ProgressLine(style) }

    func show(_ progress: SAETraining.Progress) {
        switch progress {
        case .harvesting(let done, let total):
            line.show("activations \(done) of \(total) tokens (\(100 * done / max(total, 1)) %)")
        case .training(let k, let metrics, let total):
            line.show(text(k, metrics, total))
        }
    }

    private func text(_ k: Int, _ metrics: TrainingMetrics, _ total: Int) -> String {
        let left = Double(total - metrics.tokens) / max(metrics.tokensPerSecond, 1)
        return """
            k \(k): \(metrics.tokens) of \(total) tokens (\(100 * metrics.tokens / max(total, 1)) %), \
            \(Int(metrics.tokensPerSecond)) tokens/s, \(Int(left)) s left, loss \(Figures.short(Double(metrics.loss))), \
            explained variance \(Figures.short(Double(metrics.explainedVariance))), \
            dead \(Figures.percent(Double(metrics.deadFraction)))
            """
    }

    func clear() { line.clear() }
}
