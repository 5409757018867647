import ArgumentParser
import Foundation
import TopsailCore
import TopsailModel
import TopsailPipeline

/// `topsail train`: SAEs of several sparsities on a model's activations.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train SAEs on a model's activations over a corpus.",
        discussion: """
            Example: topsail train --hook mlp_out.14 --k 16,32 --expansion 10 --corpus Data/corpus --tokens 4000000 \
            --output runs/first
            One folder a sparsity level, in SAELens layout, with metrics.jsonl. Special tokens and the first token of each \
            context are left out. A run that was ended goes on with --resume.
            """)

    enum Architecture: String, ExpressibleByArgument, CaseIterable { case topk }

    @Option(help: "The model: a .gguf file.") var model: String
    @Option(help: "Hook point, e.g. mlp_out.14.") var hook: String
    @Option(help: "How activations are chosen.") var architecture = Architecture.topk
    @Option(help: "Active neurons a token; several, separated by commas, train side by side.") var k: String
    @Option(help: "d_sae as a multiple of the hook's width.") var expansion = 10
    @Option(help: "Folder of the corpus.") var corpus: String
    @Option(help: "Tokens each SAE sees.") var tokens = 4_000_000
    @Option(help: "Steps instead of tokens.") var steps: Int?
    @Option(help: "Tokens a step.") var batch = 2048
    @Option(help: "Highest learning rate.") var learningRate: Float = 1e-3
    @Option(help: "Fixes every weight.") var seed: UInt64 = 0
    @Flag(help: "Go on from checkpoints in the output folder.") var resume = false
    @Option(help: "Folder for the checkpoints.") var output: String
    @Flag(help: "Print the result as JSON.") var json = false

    func run() async throws {
        guard let point = HookPoint(hook) else { throw ValidationError("\(hook) is no hook point; they look like mlp_out.14") }
        let sparsities = k.split(separator: ",").compactMap { Int($0) }
        guard !sparsities.isEmpty, sparsities.count == k.split(separator: ",").count else {
            throw ValidationError("--k takes whole numbers separated by commas, not \(k)")
        }
        let model = try LanguageModel.open(path: model)
        var options = SAETraining.Options(
            hook: point, sparsities: sparsities, expansion: expansion, tokens: steps.map { $0 * batch } ?? tokens,
            seed: seed)
        options.batchSize = batch
        options.learningRate = learningRate
        let name = URL(fileURLWithPath: model.path).deletingPathExtension().deletingPathExtension().lastPathComponent
        let progress = TrainingProgressLine()
        let outcomes = try SAETraining(options, model: model, modelName: name).run(
            CorpusStore(path: corpus).texts(), output: output, resuming: resume, progress: progress.show)
        progress.end()
        for outcome in outcomes ?? [] {
            if json {
                let encoder = JSONEncoder()
                encoder.keyEncodingStrategy = .convertToSnakeCase
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                print(String(decoding: try encoder.encode(outcome), as: UTF8.self))
            } else {
                print(
                    "\(outcome.path): explained variance \(outcome.explainedVariance), L0 \(outcome.l0), "
                        + "dead \(outcome.deadFraction) on held-out documents")
            }
        }
    }
}

/// One line that says how far a training run is.
final class TrainingProgressLine {
    private var last = ContinuousClock.now - .seconds(60)
    private let started = ContinuousClock.now
    private let isTerminal = isatty(STDERR_FILENO) == 1

    func show(_ progress: SAETraining.Progress) {
        let now = ContinuousClock.now
        guard now - last > (isTerminal ? .milliseconds(200) : .seconds(15)) else { return }
        last = now
        switch progress {
        case .harvesting(let done, let total):
            write("activations \(done) of \(total) tokens (\(100 * done / max(total, 1)) %)")
        case .training(let k, let metrics, let total):
            let left = Double(total - metrics.tokens) / max(metrics.tokensPerSecond, 1)
            write(
                String(
                    format: "k %d: %d of %d tokens (%d %%), %.0f tokens/s, %.0f s left, loss %.4f, EV %.4f, dead %.1f %%", k,
                    metrics.tokens, total, 100 * metrics.tokens / max(total, 1), metrics.tokensPerSecond, left, metrics.loss,
                    metrics.explainedVariance, 100 * metrics.deadFraction))
        }
    }

    func write(_ text: String) {
        FileHandle.standardError.write(Data((isTerminal ? "\r\u{1B}[K\(text)" : text + "\n").utf8))
    }

    func end() { if isTerminal { FileHandle.standardError.write(Data("\n".utf8)) } }
}
