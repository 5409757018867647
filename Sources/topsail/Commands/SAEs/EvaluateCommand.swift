import ArgumentParser
import TopsailAnalysis
import TopsailCore
import TopsailEngine
import TopsailModel
import TopsailPipeline
import TopsailSAE

/// `topsail evaluate`: what an SAE loses.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure SAEs on text: sparsity, reconstruction, the model's loss.",
        discussion: """
            Examples:
              topsail evaluate --sae my-sae --file text.txt --json
              topsail evaluate --sae my-sae --corpus Data/corpus
            With --corpus the documents that training and collection held out are read. Cross-entropies are in nats a token.
            Special tokens and the first token of each context are left out: they are attention sinks. JSON: a document an SAE.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var overrides: SAEOverrides
    @Option(
        name: .customLong("sae"), parsing: .upToNextOption, help: "SAEs (default: the workspace's set).",
        completion: .file())
    var saes: [String] = []
    @Option(help: "A text file.", completion: .file()) var file: String?
    @Option(help: "A corpus' folder; its held-out documents are read.", completion: .directory) var corpus: String?
    @Option(help: "Tokens to read at most.") var tokens = 100_000

    func validate() throws {
        guard (file == nil) != (corpus == nil) else { throw ValidationError("give one of --file and --corpus") }
        if tokens < 1 { throw ValidationError("--tokens needs a number above 0") }
    }

    func run() async throws {
        let workspace = common.place
        let model = try model.open(in: workspace)
        let names =
            try saes.isEmpty
            ? workspace.defaultSAEs(catalog: workspace.hasCatalog ? workspace.openCatalog() : nil).map(\.name) : saes
        let saes = try names.map { try overrides.open($0, in: workspace) }
        let texts = try texts(for: model)
        let progress = ProgressLine(common.progress)
        for sae in saes {
            let report = try Interruption.handled {
                try ReconstructionEvaluation(
                    model: model, sae: sae, hook: overrides.hook, precision: self.model.precision
                ).run(
                    texts, isCancelled: { Interruption.isRequested },
                    progress: { done in progress.show("\(sae.info.name): \(done) of \(texts.count) texts") })
            }
            progress.clear()
            show(report, of: sae.info.name)
        }
    }

    /// Texts up to the wanted number of tokens.
    private func texts(for model: LanguageModel) throws -> [ReadableText] {
        let documents =
            if let corpus {
                try CorpusReading.read(CorpusStore(path: corpus).texts(), with: model).filter(\.isHeldOut)
            } else {
                try CorpusReading.read(PlainTextCorpus.load(path: file ?? ""), with: model)
            }
        var texts: [ReadableText] = []
        var count = 0
        for document in documents where count < tokens {
            texts.append(document.text)
            count += document.text.count
        }
        guard texts.contains(where: { $0.countedTokens > 0 }) else {
            throw CommandFailure("there is no text to measure in \(file ?? corpus ?? "")")
        }
        return texts
    }

    private func show(_ report: ReconstructionReport, of name: String) {
        if common.json {
            StandardOutput.line(
                JSONText.object([
                    "sae": name, "tokens": report.tokens, "l0": report.l0, "mse": report.mse,
                    "explained_variance": report.explainedVariance, "ce_clean": report.ceClean,
                    "ce_reconstructed": report.ceReconstructed, "ce_ablated": report.ceAblated,
                    "ce_recovered": report.ceRecovered, "dead_fraction": report.deadFraction,
                    "dense_fraction": report.denseFraction, "cosine": report.cosine, "l2_ratio": report.l2Ratio,
                ]).line)
            return
        }
        Columns.print([
            ["SAE", name], ["tokens measured", "\(report.tokens)"], ["L0", Figures.short(report.l0)],
            ["explained variance", Figures.short(report.explainedVariance)], ["MSE", Figures.short(report.mse)],
            ["cosine", Figures.short(report.cosine)],
            ["norm of reconstruction / input", Figures.short(report.l2Ratio)],
            ["cross-entropy", "\(Figures.short(report.ceClean)) nats"],
            ["… through the SAE", "\(Figures.short(report.ceReconstructed)) nats"],
            ["… with zeros instead", "\(Figures.short(report.ceAblated)) nats"],
            ["cross-entropy recovered", Figures.percent(report.ceRecovered)],
            ["neurons that never fired", Figures.percent(report.deadFraction)],
            ["neurons on over a tenth of the tokens", Figures.percent(report.denseFraction)],
        ])
    }
}
