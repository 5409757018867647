import ArgumentParser
import Foundation
import TopsailCore
import TopsailModel
import TopsailPipeline
import TopsailSAE

/// `topsail train`: SAEs of several architectures and sparsities on a model's activations.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train SAEs on a model's activations over a corpus.",
        discussion: """
            Examples:
              topsail train --hook mlp_out.14 --k 16,32 --corpus Data/corpus --tokens 4000000 --output runs/first
              topsail train --hook mlp_out.14 --architecture topk,jumprelu --k 32 --corpus Data/corpus --output runs/two
            One folder an SAE, in SAELens layout, with metrics.jsonl; all see the same activations. Special tokens and the first
            token of each context are left out (attention sinks; see --count). A run that was ended goes on with --resume.
            standard, gated and jumprelu have a penalty on activity; it is steered so that --k neurons are active on average,
            unless --sparsity-coefficient gives its weight.
            With --json one document for each checkpoint, a line each.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "A model of the workspace or a .gguf file (default: the workspace's model).", completion: .file())
    var model: String?
    @Option(help: "Hook points, separated by commas, e.g. mlp_out.14; all are read in one pass of the model.") var hook:
        HookList
    @Option(help: "What kinds of SAE; several, separated by commas, train side by side.")
    var architecture = ArchitectureList(values: [.topk])
    @Option(help: "Active neurons a token; several, separated by commas, train side by side.") var k: SparsityList
    @Option(help: "Weights of the L1 or L0 penalty, instead of --k, where the architecture has one.")
    var sparsityCoefficient: CoefficientList?
    @Option(help: "d_sae as a multiple of the hook's width.") var expansion = 10
    @Option(help: "Folder of the corpus.", completion: .directory) var corpus: String
    @Option(help: "Tokens each SAE sees.") var tokens = 4_000_000
    @Option(help: "Steps instead of tokens.") var steps: Int?
    @Option(help: "Tokens a step.") var batch = 2048
    @Option(help: "Highest learning rate.") var learningRate: Float = 3e-3
    @Option(help: "Limit of the norm of all gradients, 0 for none (default: 1, none where there is a penalty).")
    var gradientClip: Float?
    @Option(
        help: "ordinary leaves out special tokens, the template's and the first of a context; all counts every token.")
    var count = CountedTokens.ordinary
    @Option(help: "Fixes every weight.") var seed: UInt64 = 0
    @Flag(help: "Go on from checkpoints in the output folder.") var resume = false
    @OptionGroup var cost: DryRunOptions
    @Option(help: "Folder for the checkpoints.", completion: .directory) var output: String

    func validate() throws {
        guard expansion > 0, batch > 0, tokens > 0, steps ?? 1 > 0, learningRate > 0,
            gradientClip ?? 0 >= 0
        else {
            throw ValidationError("--expansion, --batch, --tokens, --steps and --learning-rate need numbers above 0")
        }
    }

    func run() async throws {
        let model = try LanguageModel.open(path: common.place.modelPath(model))
        for hook in hook.values { try model.checkHook(hook) }
        var options = SAETraining.Options(
            hooks: hook.values, sparsities: k.values, expansion: expansion, tokens: steps.map { $0 * batch } ?? tokens,
            seed: seed)
        options.architectures = architecture.values
        options.sparsityCoefficients = sparsityCoefficient?.values
        options.batchSize = batch
        options.learningRate = learningRate
        options.gradientClip = gradientClip
        options.scope = count
        let name = URL(fileURLWithPath: model.path).deletingPathExtension().deletingPathExtension().lastPathComponent
        let training = SAETraining(options, model: model, modelName: name)
        let texts = try CorpusStore(path: corpus).texts()
        if cost.dryRun {
            return ForecastReport(forecast: try training.forecast(texts), folder: output).print(json: common.json)
        }
        let progress = TrainingProgress(common.progress)
        let outcomes = try Interruption.handled {
            try training.run(
                texts, output: output, resuming: resume, isCancelled: { Interruption.isRequested },
                progress: progress.show)
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
        guard let values = parts(of: argument, Int.init), values.allSatisfy({ $0 > 0 }) else { return nil }
        self.values = values
    }

    var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}

/// `0.5,1,2`.
struct CoefficientList: ExpressibleByArgument {
    let values: [Float]

    init?(argument: String) {
        guard let values = parts(of: argument, Float.init), values.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            return nil
        }
        self.values = values
    }
}

/// `mlp_out.7,mlp_out.14`.
struct HookList: ExpressibleByArgument {
    let values: [HookPoint]

    init(values: [HookPoint]) { self.values = values }

    init?(argument: String) {
        guard let values = parts(of: argument, HookPoint.init(argument:)) else { return nil }
        self.values = values
    }

    var defaultValueDescription: String { values.map(\.description).joined(separator: ",") }
}

/// `topk,jumprelu`.
struct ArchitectureList: ExpressibleByArgument {
    let values: [TrainingArchitecture]

    init(values: [TrainingArchitecture]) { self.values = values }

    init?(argument: String) {
        guard let values = parts(of: argument, TrainingArchitecture.init(rawValue:)) else { return nil }
        self.values = values
    }

    static var allValueStrings: [String] { TrainingArchitecture.allCases.map(\.rawValue) }
    var defaultValueDescription: String { values.map(\.rawValue).joined(separator: ",") }
}

/// The values between commas; `nil` when one is no value or comes twice.
private func parts<Value: Hashable>(of text: String, _ read: (String) -> Value?) -> [Value]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { read(String($0)) }
    return values.count == parts.count && Set(values).count == values.count ? values : nil
}

/// One line that says how far a training run is.
final class TrainingProgress {
    private let line: ProgressLine
    /// When the first step was reported, and what share of all was done by then.
    private var start: (time: ContinuousClock.Instant, done: Double)?

    init(_ style: ProgressLine.Style) { line = ProgressLine(style) }

    func show(_ progress: SAETraining.Progress) {
        switch progress {
        case .harvesting(let done, let total):
            line.show("activations \(done) of \(total) tokens (\(100 * done / max(total, 1)) %)")
        case .training(let label, let metrics, let total, let done):
            let start = start ?? (.now, done)
            self.start = start
            line.show(text(label, metrics, total, done: done, since: start))
        }
    }

    private func text(
        _ label: String, _ metrics: TrainingMetrics, _ total: Int, done: Double,
        since start: (time: ContinuousClock.Instant, done: Double)
    ) -> String {
        // The clock counts what the other SAEs and reading take too; one SAE's own speed stands in until it has run a while.
        let seconds = (ContinuousClock.now - start.time) / .seconds(1)
        let left =
            done > start.done && seconds > 2
            ? seconds * (1 - done) / (done - start.done)
            : Double(total - metrics.tokens) / max(metrics.tokensPerSecond, 1)
        return """
            \(label): \(metrics.tokens) of \(total) tokens (\(100 * metrics.tokens / max(total, 1)) %), \
            \(Int(metrics.tokensPerSecond)) tokens/s, \(Int(left)) s left, loss \(Figures.short(metrics.loss)), \
            explained variance \(Figures.short(metrics.explainedVariance)), L0 \(Figures.short(metrics.l0)), \
            dead \(Figures.percent(metrics.deadFraction))
            """
    }

    func clear() { line.clear() }
}
